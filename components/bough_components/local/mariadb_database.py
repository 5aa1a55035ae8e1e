"""An environment's MariaDB database: made empty, dropped with it."""

from __future__ import annotations

from bough_components import names
from bough_components.local import mariadb_databases as databases
from bough_components.local.clients import mariadb
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class MariaDBDatabaseProvider(Ensured):
    """Inputs: platform, slug, need."""

    replacing = frozenset({"slug", "need"})

    def identity(self, props: Props) -> str:
        return names.database(props["slug"], props["need"])

    def ensure(self, props: Props) -> Props:
        name = self.identity(props)
        with mariadb(Home.current()) as connection:
            # without facts its first migrations or its seed were not finished
            if databases.facts(connection, name) == {}:
                databases.drop(connection, name)
            if databases.facts(connection, name) is None:
                databases.create(connection, name, {"fresh": True})
            databases.ensure_owner(connection, name)
        return {}

    def remove(self, props: Props) -> None:
        name = self.identity(props)
        with mariadb(Home.current()) as connection:
            databases.drop(connection, name)
            databases.drop_account(connection, name)


class MariaDBDatabase(LocalResource, name="MariaDBDatabase"):
    provider = MariaDBDatabaseProvider
