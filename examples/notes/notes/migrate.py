"""`python -m notes.migrate`: applies the migrations that are pending, in one go at a time."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from yoyo import read_migrations  # type: ignore[import-untyped]
from yoyo.backends.core.postgresql import PostgresqlPsycopgBackend  # type: ignore[import-untyped]
from yoyo.connections import parse_uri  # type: ignore[import-untyped]

from bough_secrets import Session
from notes.program import run
from notes.store import Connections

log = logging.getLogger("notes.migrate")

FOLDER = Path(__file__).parent.parent / "migrations"
TABLE = "schema_migrations"
LOCK = 0x6E6F746573  # "notes"


class Backend(PostgresqlPsycopgBackend):  # type: ignore[misc]
    """Uses a connection that exists, so that no password passes through a URL."""

    def __init__(self, connection: Any) -> None:
        self._given = connection
        super().__init__(parse_uri("postgresql+psycopg://"), TABLE)

    def connect(self, _uri: object) -> Any:
        return self._given

    def lock(self, **_wait: float) -> AbstractContextManager[None]:
        # PostgreSQL's advisory lock is held; yoyo's own would outlive a process that is killed.
        return nullcontext()


def apply(database: Connections) -> list[str]:
    """Apply what is pending; return the names. Two that run at once wait for each other."""
    with database.connection() as connection:
        connection.autocommit = True
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        backend = Backend(connection)
        pending = backend.to_apply(read_migrations(str(FOLDER)))
        backend.apply_migrations(pending)
        connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
        return [migration.id for migration in pending]


def work(session: Session) -> None:
    applied = apply(session.database("db", max_size=1))
    log.info("schema is up to date", extra={"applied": applied})


if __name__ == "__main__":
    run(work)
