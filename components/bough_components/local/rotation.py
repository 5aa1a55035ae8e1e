"""Replacing the credentials of an environment that runs, one kind at a time."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import (
    consul_space,
    containers,
    database_engine,
    instances,
    queue_accounts,
)
from bough_components.local.clients import consul_client, vault_client
from bough_components.local.need_accounts import existing_needs

if TYPE_CHECKING:
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


def renew_consul_tokens(home: Home, slug: str) -> list[str]:
    """Give each instance another Consul token beside the one that it has; their names."""
    labels = names.environment_labels(home.settings.name, slug, "instance")
    found = [each["Labels"] for each in containers.labelled(labels)]
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
