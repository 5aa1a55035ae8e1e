"""What an environment has in Consul: descriptions under its own prefix and a policy a service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bough_policies.consul import Rules, service_rules

from bough_components import names
from bough_components.local.clients import consul_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping

    import consul


class ConsulSpaceProvider(Ensured):
    """Inputs: platform, slug, about (application and stage), services (name to port and health),
    needs (name to address), config (setting to text)."""

    replacing = frozenset({"slug"})

    def identity(self, props: Props) -> str:
        return names.consul_prefix(props["slug"])

    def ensure(self, props: Props) -> Props:
        client, slug, services = consul_client(Home.current()), props["slug"], props["services"]
        about = props["about"]
        for service in services:
            rules = service_rules(slug, service, sorted(services), **about)
            _put_policy(client, names.consul_policy(slug, service), rules)
        client.kv.put(names.consul_about(slug), json.dumps(about))
        # Pulumi leaves out what is None, but readers are promised a `port`
        described = {
            name: {"port": None, "health": None, **facts} for name, facts in services.items()
        }
        for kind, entries in (("services", described), ("needs", props["needs"])):
            for name, facts in entries.items():
                client.kv.put(f"{names.consul_prefix(slug)}{kind}/{name}", json.dumps(facts))
        for name, text in props["config"].items():
            client.kv.put(f"{names.consul_config(slug)}{name}", text)
        return {}

    def remove(self, props: Props) -> None:
        remove_space(consul_client(Home.current()), props["slug"])


class ConsulSpace(LocalResource, name="ConsulSpace"):
    provider = ConsulSpaceProvider


def _put_policy(client: consul.Consul, name: str, rules: Rules) -> None:
    known = {policy["Name"]: policy["ID"] for policy in client.acl.policy.list()}
    if name in known:
        client.acl.policy.update(known[name], name=name, rules=rules)
    else:
        client.acl.policy.create(name=name, rules=rules)


def _drop_policies(client: consul.Consul, slug: str, kept: Container[str] = ()) -> None:
    prefix = names.consul_policy_prefix(slug)
    for policy in client.acl.policy.list():
        if policy["Name"].startswith(prefix) and policy["Name"] not in kept:
            client.acl.policy.delete(policy["ID"])


def prune(client: consul.Consul, slug: str, kept: Mapping[str, Collection[str]]) -> None:
    """Forget the keys of each kind (services, needs, config) that are not among those kept."""
    for kind, entries in kept.items():
        _forget_others(client, f"{names.consul_prefix(slug)}{kind}/", entries)
    services = kept["services"]
    _drop_policies(client, slug, {names.consul_policy(slug, service) for service in services})


def _forget_others(client: consul.Consul, prefix: str, kept: Container[str]) -> None:
    """Remove the keys below `prefix` whose rest is none of `kept`."""
    _, keys = client.kv.get(prefix, keys=True)
    for key in keys or []:
        if key.removeprefix(prefix) not in kept:
            client.kv.delete(key)


def mint_token(client: consul.Consul, slug: str, service: str, instance: str) -> tuple[str, str]:
    """An instance's own token: (accessor id, secret id)."""
    token: dict[str, Any] = client.acl.token.create(
        description=names.consul_token_description(slug, instance),
        policies_name=[names.consul_policy(slug, service)],
    )
    return token["AccessorID"], token["SecretID"]


def tokens(client: consul.Consul, slug: str) -> list[dict[str, Any]]:
    """The ACL tokens of an environment's instances, without their secrets."""
    prefix = names.consul_token_description(slug, "")
    return [token for token in client.acl.token.list() if token["Description"].startswith(prefix)]


def drop_tokens(client: consul.Consul, slug: str, instance: str, kept: int = 0) -> None:
    """Delete an instance's tokens but for the newest `kept`; none there is success."""
    description = names.consul_token_description(slug, instance)
    own = [token for token in tokens(client, slug) if token["Description"] == description]
    own.sort(key=lambda token: int(token["CreateIndex"]), reverse=True)
    for token in own[kept:]:
        client.acl.token.delete(token["AccessorID"])


def registrations(client: consul.Consul, slug: str) -> list[str]:
    """Ids of the services that an environment's instances registered, wherever they are listed."""
    prefix = names.consul_service_prefix(slug)
    local = {name for name in client.agent.services() if name.startswith(prefix)}
    return sorted(local | {registration for _, registration in _catalogued(client, prefix)})


def deregister(client: consul.Consul, slug: str, instance: str) -> None:
    """Forget an instance's registration; nothing there is success."""
    registration = f"{names.consul_service_prefix(slug)}{instance}"
    if registration in registrations(client, slug):
        _forget(client, slug, registration)


def _forget(client: consul.Consul, slug: str, registration: str) -> None:
    """The agent first, else it would write it down in the catalog again."""
    if registration in client.agent.services():
        client.agent.service.deregister(registration)
    for node, found in _catalogued(client, names.consul_service_prefix(slug)):
        if found == registration:
            _strike(client, node, registration)


def _strike(client: consul.Consul, node: str, registration: str) -> None:
    """What py-consul's own `catalog.deregister` sends, Consul does not understand."""
    from consul.callback import CB

    client.http.put(
        CB.boolean(),
        "/v1/catalog/deregister",
        headers=client.prepare_headers(client.token),
        data=json.dumps({"Node": node, "ServiceID": registration}),
    )


def _catalogued(client: consul.Consul, prefix: str) -> list[tuple[str, str]]:
    """Node and id of what the catalog lists. Instances deregister with the agent, which tells the
    catalog later, or never when it is not allowed to."""
    _, services = client.catalog.services()
    return [
        (entry["Node"], entry["ServiceID"])
        for name in services
        if name.startswith(prefix)
        for entry in client.catalog.service(name)[1]
    ]


def remove_space(client: consul.Consul, slug: str) -> None:
    """Everything of an environment: registrations, tokens, policies, keys."""
    for registration in registrations(client, slug):
        _forget(client, slug, registration)
    for token in tokens(client, slug):
        client.acl.token.delete(token["AccessorID"])
    _drop_policies(client, slug)
    client.kv.delete(names.consul_prefix(slug), recurse=True)
