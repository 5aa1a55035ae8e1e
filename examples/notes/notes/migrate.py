"""`python -m notes.migrate`: applies the migrations that are pending, all or none."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import StaticPool, create_engine

from bough_secrets import Session
from notes.program import run
from notes.store import Connections

log = logging.getLogger("notes.migrate")

FOLDER = Path(__file__).parent.parent / "migrations"
LOCK = 0x6E6F746573  # "notes"


@dataclass(frozen=True)
class Step:
    """The schema's revision before and after; None for an empty database."""

    before: str | None
    after: str | None


def apply(database: Connections) -> Step:
    """Bring the schema to the newest revision. Two that run at once wait for each other."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with database.connection() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        # The connection is handed over as it is, so that no password passes through a URL.
        engine = create_engine(
            "postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool
        )
        with engine.begin() as transaction:
            config.attributes["connection"] = transaction
            before = MigrationContext.configure(transaction).get_current_revision()
            command.upgrade(config, "head")
            after = MigrationContext.configure(transaction).get_current_revision()
        connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    return Step(before, after)


def work(session: Session) -> None:
    step = apply(session.database("db", max_size=1))
    log.info("schema is up to date", extra=vars(step))


if __name__ == "__main__":
    run(work)
