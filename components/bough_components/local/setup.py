"""What PostgreSQL and Vault need once before the first environment, made again where it is lost."""

from __future__ import annotations

from psycopg import sql

from bough_components.local import ledger_database, vault_setup
from bough_components.local.clients import postgres
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class PostgresSetupProvider(Ensured):
    """Inputs: platform, ledger (mark of its schema).

    Nobody connects to the databases that every cluster has; environments get their own.
    """

    def identity(self, props: Props) -> str:
        return f"{props['platform']}/postgres"

    def ensure(self, props: Props) -> Props:  # noqa: ARG002
        with postgres(Home.current()) as connection:
            for name in ("postgres", "template1"):
                database = sql.Identifier(name)
                connection.execute(
                    sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
                )
        ledger_database.ensure(Home.current())
        return {}


class PostgresSetup(LocalResource, name="PostgresSetup"):
    provider = PostgresSetupProvider


class VaultSetupProvider(Ensured):
    """Inputs: platform, rules (hash of the operator's policy), plugins (file name to SHA-256)."""

    def identity(self, props: Props) -> str:
        return f"{props['platform']}/vault"

    def ensure(self, props: Props) -> Props:
        vault_setup.ensure(Home.current(), props["plugins"])
        return {}

    def present(self, props: Props) -> bool:  # noqa: ARG002
        return Home.current().key("operator/vault").exists()


class VaultSetup(LocalResource, name="VaultSetup"):
    provider = VaultSetupProvider
