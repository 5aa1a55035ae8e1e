"""Dynamic accounts of one virtual host: Vault makes them, ends them, and alone can."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import broker, need_accounts
from bough_components.local.clients import vault_client
from bough_components.local.home import Home
from bough_components.local.need_accounts import LEASES_AT_MOST
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    import hvac

KIND = "rabbitmq"


class QueueAccountsProvider(Ensured):
    """Inputs: platform, slug, need, services (those that use the need)."""

    replacing = frozenset({"slug", "need"})

    def identity(self, props: Props) -> str:
        return names.vault_need(props["slug"], props["need"])

    def ensure(self, props: Props) -> Props:
        home, slug, need = Home.current(), props["slug"], props["need"]
        client = vault_client(home)
        need_accounts.ensure(client, slug, need, KIND)
        if not _connected(home, client, slug, need):
            connect(home, client, slug, need)
        _lend(client, slug, need, home.settings.lease)
        for service in props["services"]:
            _role(client, slug, need, service)
        return {}

    def remove(self, props: Props) -> None:
        remove_accounts(Home.current(), props["slug"], props["need"])


class QueueAccounts(LocalResource, name="QueueAccounts"):
    provider = QueueAccountsProvider


def _connected(home: Home, client: hvac.Client, slug: str, need: str) -> bool:
    """How long accounts live is written last, so whoever has that has all the rest."""
    from hvac.exceptions import InvalidPath, InvalidRequest

    try:
        lease = client.adapter.get(f"/v1/{names.vault_need(slug, need)}/config/lease")
    except (InvalidPath, InvalidRequest):
        return False
    admin = names.need_admin(slug, need)
    return bool(lease) and admin in broker.users(home, admin)


def connect(home: Home, client: hvac.Client, slug: str, need: str) -> None:
    """Hand Vault an account of its own, or a new password for it. Its engine for RabbitMQ cannot
    change it by itself: a random one is handed over and written nowhere else."""
    mount, admin = names.vault_need(slug, need), names.need_admin(slug, need)
    connection = {
        "connection_uri": broker.MANAGEMENT,
        "username": admin,
        "password": broker.renew_admin(home, admin),
        "username_template": names.account_template(slug),
    }
    client.adapter.post(f"/v1/{mount}/config/connection", json=connection)


def _lend(client: hvac.Client, slug: str, need: str, lease: int) -> None:
    lives = {"ttl": lease, "max_ttl": LEASES_AT_MOST * lease}
    client.adapter.post(f"/v1/{names.vault_need(slug, need)}/config/lease", json=lives)


def _role(client: hvac.Client, slug: str, need: str, service: str) -> None:
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    vhosts = json.dumps({names.vhost(slug, need): everything})
    path = f"/v1/{names.vault_need(slug, need)}/roles/{service}"
    client.adapter.post(path, json={"vhosts": vhosts})


def remove_accounts(home: Home, slug: str, need: str) -> None:
    """Revoke every account first and synchronously: without its mount nobody could any more."""
    need_accounts.remove(vault_client(home), slug, need)
    broker.drop_user(home, names.need_admin(slug, need))
