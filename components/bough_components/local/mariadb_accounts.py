"""Dynamic accounts of one MariaDB database: Vault makes them, ends them, and alone can."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import database_engine, need_accounts
from bough_components.local import mariadb_databases as databases
from bough_components.local.clients import mariadb, vault_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    import hvac

KIND = "mariadb"
_PLUGIN = "mysql-database-plugin"


class MariaDBAccountsProvider(Ensured):
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


class MariaDBAccounts(LocalResource, name="MariaDBAccounts"):
    provider = MariaDBAccountsProvider


def _connect(home: Home, client: hvac.Client, slug: str, need: str) -> None:
    password = secrets.token_urlsafe(32)
    _ensure_admin(home, slug, need, password)
    settings = {
        "plugin_name": _PLUGIN,
        "connection_url": f"{{{{username}}}}:{{{{password}}}}@tcp(mariadb.bough:{databases.PORT})/",
        "password": password,
    }
    database_engine.connect(client, slug, need, settings)


def _ensure_admin(home: Home, slug: str, need: str, password: str) -> None:
    """MariaDB knows no narrower right to make and end accounts than one to make and end all."""
    admin = databases.quoted(names.need_admin(slug, need))
    database = databases.quoted(names.database(slug, need))
    with mariadb(home) as connection:
        databases.rows(connection, f"CREATE USER IF NOT EXISTS {admin}@'%' ACCOUNT LOCK")
        statement = f"ALTER USER {admin}@'%%' IDENTIFIED BY %s ACCOUNT UNLOCK"
        databases.rows(connection, statement, password)
        databases.rows(connection, f"GRANT CREATE USER, CONNECTION ADMIN ON *.* TO {admin}@'%'")
        statement = f"GRANT ALL PRIVILEGES ON {database}.* TO {admin}@'%' WITH GRANT OPTION"
        databases.rows(connection, statement)


def _role(client: hvac.Client, slug: str, need: str, service: str, lease: int) -> None:
    database = databases.quoted(names.database(slug, need))
    creation = [
        "CREATE USER '{{name}}'@'%' IDENTIFIED BY '{{password}}'",
        f"GRANT ALL PRIVILEGES ON {database}.* TO '{{{{name}}}}'@'%'",
    ]
    # its connections would outlive it; ended last, so that no new one slips in between
    revocation = ["DROP USER IF EXISTS '{{name}}'@'%'", "KILL USER '{{name}}'@'%'"]
    database_engine.lend(
        client, slug, need, service, lease, creation=creation, revocation=revocation
    )


def remove_accounts(home: Home, slug: str, need: str) -> None:
    """Revoke every account first and synchronously: without its mount nobody could any more."""
    need_accounts.remove(vault_client(home), slug, need)
    with mariadb(home) as connection:
        databases.drop_account(connection, names.need_admin(slug, need))
