"""Dynamic accounts of one database: Vault makes them, ends them, and alone can."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import need_accounts
from bough_components.local.clients import postgres, vault_client
from bough_components.local.home import Home
from bough_components.local.need_accounts import LEASES_AT_MOST
from bough_components.local.provider import Ensured, LocalResource, Props
from bough_components.local.vault_space import ensure_mount

if TYPE_CHECKING:
    import hvac
    import psycopg

ENGINE = "database"
_CONNECTION = "main"
_PLUGIN = "postgresql-database-plugin"


class DatabaseAccountsProvider(Ensured):
    """Inputs: platform, slug, need, services (those that use the need)."""

    replacing = frozenset({"slug", "need"})

    def identity(self, props: Props) -> str:
        return names.vault_need(props["slug"], props["need"])

    def ensure(self, props: Props) -> Props:
        home, mount = Home.current(), self.identity(props)
        client = vault_client(home)
        if not _connected(client, mount):
            _connect(home, client, props)
        for service in props["services"]:
            _role(client, props["slug"], props["need"], service, home.settings.lease)
        return {}

    def remove(self, props: Props) -> None:
        remove_accounts(Home.current(), props["slug"], props["need"])


class DatabaseAccounts(LocalResource, name="DatabaseAccounts"):
    provider = DatabaseAccountsProvider


def _connected(client: hvac.Client, mount: str) -> bool:
    from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest

    try:
        client.adapter.get(f"/v1/{mount}/config/{_CONNECTION}")
    except (InvalidPath, InvalidRequest, Forbidden):
        return False
    return True


def _connect(home: Home, client: hvac.Client, props: Props) -> None:
    """Hand Vault an account of its own; it changes the password at once, so nobody knows it."""
    slug, need, mount = props["slug"], props["need"], names.vault_need(props["slug"], props["need"])
    password = secrets.token_urlsafe(32)
    with postgres(home) as connection:
        _ensure_admin(connection, slug, need, password)
    ensure_mount(client, f"sys/mounts/{mount}", ENGINE)
    settings = {
        "plugin_name": _PLUGIN,
        "connection_url": "postgresql://{{username}}:{{password}}@postgres.bough:5432/postgres"
        "?sslmode=disable&application_name=vault",
        "username": names.need_admin(slug, need),
        "password": password,
        "username_template": names.account_template(slug),
        "password_authentication": "scram-sha-256",
        "allowed_roles": ["*"],
        "max_open_connections": 2,
        "max_idle_connections": -1,
    }
    client.adapter.post(f"/v1/{mount}/config/{_CONNECTION}", json=settings)
    client.adapter.post(f"/v1/{mount}/rotate-root/{_CONNECTION}")


def _ensure_admin(connection: psycopg.Connection, slug: str, need: str, password: str) -> None:
    from psycopg import sql

    from bough_components.local import databases

    admin = sql.Identifier(names.need_admin(slug, need))
    if not databases.role_exists(connection, names.need_admin(slug, need)):
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(admin))
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(admin, sql.Literal(password)))
    owner = sql.Identifier(names.database(slug, need))
    connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(owner, admin))
    connection.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(admin))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE postgres TO {}").format(admin))


def _role(client: hvac.Client, slug: str, need: str, service: str, lease: int) -> None:
    owner = names.database(slug, need)
    settings = {
        "db_name": _CONNECTION,
        "default_ttl": lease,
        "max_ttl": LEASES_AT_MOST * lease,
        "creation_statements": [
            "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'"
            f' IN ROLE "{owner}"',
            f"ALTER ROLE \"{{{{name}}}}\" SET role = '{owner}'",
        ],
        "revocation_statements": [
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{{name}}'",
            'DROP ROLE IF EXISTS "{{name}}"',
        ],
    }
    client.adapter.post(f"/v1/{names.vault_need(slug, need)}/roles/{service}", json=settings)


def remove_accounts(home: Home, slug: str, need: str) -> None:
    """Revoke every account first and synchronously: without its mount nobody could any more."""
    from bough_components.local import databases

    databases.give_back(home, names.database(slug, need), names.need_prefix(slug))
    need_accounts.remove(vault_client(home), slug, need)
    with postgres(home) as connection:
        admin = names.need_admin(slug, need)
        if databases.role_exists(connection, admin):
            databases.disown(connection, admin)
            databases.drop_role(connection, admin)
