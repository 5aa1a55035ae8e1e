"""Dynamic accounts of one PostgreSQL database: Vault makes them, ends them, and alone can."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import database_engine, need_accounts
from bough_components.local.clients import postgres, vault_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    import hvac
    import psycopg

KIND = "postgres"
_PLUGIN = "postgresql-database-plugin"


class DatabaseAccountsProvider(Ensured):
    """Inputs: platform, slug, need, services (those that use the need)."""

    replacing = frozenset({"slug", "need"})

    def identity(self, props: Props) -> str:
        return names.vault_need(props["slug"], props["need"])

    def ensure(self, props: Props) -> Props:
        home, slug, need = Home.current(), props["slug"], props["need"]
        client = vault_client(home)
        need_accounts.ensure(client, slug, need, KIND)
        if not database_engine.connected(client, self.identity(props)):
            _connect(home, client, slug, need)
        for service in props["services"]:
            _role(client, slug, need, service, home.settings.lease)
        return {}

    def remove(self, props: Props) -> None:
        remove_accounts(Home.current(), props["slug"], props["need"])


class DatabaseAccounts(LocalResource, name="DatabaseAccounts"):
    provider = DatabaseAccountsProvider


def _connect(home: Home, client: hvac.Client, slug: str, need: str) -> None:
    password = secrets.token_urlsafe(32)
    with postgres(home) as connection:
        _ensure_admin(connection, slug, need, password)
    settings = {
        "plugin_name": _PLUGIN,
        "connection_url": "postgresql://{{username}}:{{password}}@postgres.bough:5432/postgres"
        "?sslmode=disable&application_name=vault",
        "password": password,
        "password_authentication": "scram-sha-256",
    }
    database_engine.connect(client, slug, need, settings)


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
    creation = [
        "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'"
        f' IN ROLE "{owner}"',
        f"ALTER ROLE \"{{{{name}}}}\" SET role = '{owner}'",
    ]
    revocation = [
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{{name}}'",
        'DROP ROLE IF EXISTS "{{name}}"',
    ]
    database_engine.lend(
        client, slug, need, service, lease, creation=creation, revocation=revocation
    )


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
