"""What is in a PostgreSQL database: what is known of it, and the golden template kept of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local.clients import postgres
from bough_components.local.database import DatabaseProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from bough_components.local.home import Home
    from bough_components.local.provider import Props


class PostgresContents:
    def __init__(self, home: Home, props: Props, connection: psycopg.Connection) -> None:
        self._home, self._props, self._connection = home, props, connection
        self._name = names.database(props["slug"], props["need"])

    @classmethod
    @contextmanager
    def opened(cls, home: Home, props: Props) -> Iterator[PostgresContents]:
        with postgres(home) as connection:
            yield cls(home, props, connection)

    def facts(self) -> dict[str, Any]:
        from bough_components.local import databases

        if not databases.facts(self._connection, self._name):
            DatabaseProvider().ensure(self._props)
        return databases.facts(self._connection, self._name)

    def write_facts(self, facts: dict[str, Any]) -> None:
        from bough_components.local import databases

        databases.comment(self._connection, self._name, facts)

    def after_step(self) -> None:
        """Everything belongs to the owner from the beginning."""

    def after_all(self, *, fresh: bool) -> None:
        """Keep a fresh database's contents as the template of the next one that wants the same."""
        if fresh:
            self._keep_as_golden()

    def _keep_as_golden(self) -> None:
        from bough_components.local import databases

        golden = names.golden_database(self._props["key"])
        connection, owner = self._connection, databases.GOLDEN_OWNER
        with databases.exclusively(connection, golden):
            databases.ensure_owner(connection, owner)
            if databases.exists(connection, golden):
                if databases.facts(connection, golden):
                    return
                databases.drop(connection, golden)
            databases.clone(self._home, self._name, golden, self._name, owner)
            facts = {key: self._props[key] for key in ("application", "need", "files")}
            databases.comment(connection, golden, facts)
