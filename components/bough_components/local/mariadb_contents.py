"""What is in a MariaDB database: what is known of it, and who its programs run as."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local import definers
from bough_components.local import mariadb_databases as databases
from bough_components.local.clients import mariadb
from bough_components.local.mariadb_database import MariaDBDatabaseProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pymysql import Connection

    from bough_components.local.home import Home
    from bough_components.local.provider import Props


class MariaDBContents:
    """MariaDB makes no database from another: each is migrated and seeded by itself."""

    def __init__(self, props: Props, connection: Connection) -> None:
        self._props, self._connection = props, connection
        self._name = names.database(props["slug"], props["need"])

    @classmethod
    @contextmanager
    def opened(cls, home: Home, props: Props) -> Iterator[MariaDBContents]:
        with mariadb(home) as connection:
            yield cls(props, connection)

    def facts(self) -> dict[str, Any]:
        if not databases.facts(self._connection, self._name):
            MariaDBDatabaseProvider().ensure(self._props)
        return databases.facts(self._connection, self._name) or {}

    def write_facts(self, facts: dict[str, Any]) -> None:
        databases.write_facts(self._connection, self._name, facts)

    def after_step(self) -> None:
        """What the step's account made is the owner's from here on."""
        definers.give_to_owner(self._connection, self._name)

    def after_all(self, *, fresh: bool) -> None:
        """No template is kept."""
