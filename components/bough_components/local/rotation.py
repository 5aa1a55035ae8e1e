"""Replacing the credentials of an environment that runs, one kind at a time."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local import (
    consul_space,
    database_engine,
    delivery,
    instances,
    logins,
    looking,
    network,
    queue_accounts,
)
from bough_components.local.clients import consul_client, vault_client
from bough_components.local.need_accounts import existing_needs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough_components.local.home import Home


def needs(home: Home, slug: str) -> list[str]:
    """Needs for which Vault makes accounts."""
    return [*existing_needs(vault_client(home), slug)]


def rotate_root(home: Home, slug: str, need: str) -> None:
    """Have the password of Vault's own account changed; nobody knew the old one either."""
    client = vault_client(home)
    if existing_needs(client, slug)[need] == queue_accounts.KIND:
        queue_accounts.connect(home, client, slug, need)
    else:
        database_engine.rotate_root(client, names.vault_need(slug, need))


def renew_logins(home: Home, slug: str, services: Mapping[str, Any]) -> int:
    """Write again how services log in, and revoke what they were minted for it and did not use;
    how many secret-ids those were.

    An instance that has one in hand at this moment is refused, and asks for another by itself.
    """
    client, subnet = vault_client(home), network.environment_subnet(home, slug)
    logins.declare(client, slug, services, subnet=subnet, period=home.settings.lease)
    revoked = sum(logins.revoke_unused(client, slug, service) for service in services)
    for each in _instances(home, slug):
        wanted = instances.Wanted.from_labels(each)
        folder = home.instance_memory(slug, wanted.instance)
        # whoever has taken it is not given a second one, which nobody would read
        if delivery.withdraw(folder, instances.CREDENTIAL):
            instances.deliver_credential(home, wanted)
    return revoked


def renew_consul_tokens(home: Home, slug: str) -> list[str]:
    """Give each instance another Consul token beside the one that it has; their names."""
    found = _instances(home, slug)
    for each in found:
        service, instance = each[names.LABEL_SERVICE], each[names.LABEL_INSTANCE]
        instances.renew_consul_token(home, slug, service, instance)
    return [each[names.LABEL_INSTANCE] for each in found]


def drop_old_consul_tokens(home: Home, slug: str, followers: list[str]) -> None:
    """Delete all but the newest token of each instance."""
    for instance in followers:
        consul_space.drop_tokens(consul_client(home), slug, instance, kept=1)


def ask_instances(home: Home, slug: str) -> None:
    """Tell every instance, through a key that all of them watch, to fetch new credentials."""
    key = names.consul_rotation(slug)
    consul_client(home).kv.put(key, json.dumps({"id": uuid.uuid4().hex}))


def _instances(home: Home, slug: str) -> list[dict[str, str]]:
    """The labels of an environment's instances."""
    labels = names.environment_labels(home.settings.name, slug, "instance")
    return [each["Labels"] for each in looking.labelled(labels)]
