"""An environment's policy, keys and tokens in Consul."""

import json
from typing import Any

import consul
from bough_policies.consul import service_rules

from bough_bench.direct.wanted import NEED, PORT, SERVICE
from bough_components import names


def make_space(client: consul.Consul, slug: str) -> None:
    """The service's policy, its description and its database's address."""
    rules = service_rules(slug, SERVICE, [SERVICE], application=SERVICE, stage="preview")
    client.acl.policy.create(name=names.consul_policy(slug, SERVICE), rules=rules)
    address = {
        "kind": "postgres",
        "host": "postgres.bough",
        "port": 5432,
        "database": names.database(slug, NEED),
    }
    for path, facts in (
        (f"services/{SERVICE}", {"port": PORT, "health": "/"}),
        (f"needs/{NEED}", address),
    ):
        client.kv.put(f"{names.consul_prefix(slug)}{path}", json.dumps(facts))


def make_token(client: consul.Consul, slug: str, instance: str) -> str:
    token: dict[str, Any] = client.acl.token.create(
        description=names.consul_token_description(slug, instance),
        policies_name=[names.consul_policy(slug, SERVICE)],
    )
    return str(token["SecretID"])


def remove_instance(client: consul.Consul, slug: str, instance: str) -> None:
    """Forget an instance's registration and its token."""
    registration = f"{names.consul_service_prefix(slug)}{instance}"
    if registration in client.agent.services():
        client.agent.service.deregister(registration)
    description = names.consul_token_description(slug, instance)
    for token in client.acl.token.list():
        if token["Description"] == description:
            client.acl.token.delete(token["AccessorID"])


def remove_space(client: consul.Consul, slug: str) -> None:
    name = names.consul_policy(slug, SERVICE)
    for policy in client.acl.policy.list():
        if policy["Name"] == name:
            client.acl.policy.delete(policy["ID"])
    client.kv.delete(names.consul_prefix(slug), recurse=True)
