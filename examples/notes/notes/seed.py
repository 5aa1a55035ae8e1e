"""`python -m notes.seed`: gives an empty database something to show."""

from __future__ import annotations

import logging

from bough_secrets import Session
from notes.program import run
from notes.store import Connections

log = logging.getLogger("notes.seed")

NOTES = [
    ("Every branch has an environment of its own.", []),
    ("The password of this database lives for an hour.", ["how-leases-work.pdf"]),
    ("A worker counts the words of every note.", ["queue.png", "skip-locked.txt"]),
]


def fill(database: Connections) -> int:
    """Add the notes if there are none yet; return how many were added."""
    with database.connection() as connection:
        connection.execute("LOCK TABLE notes IN SHARE ROW EXCLUSIVE MODE")
        if connection.execute("SELECT 1 FROM notes LIMIT 1").fetchone():
            return 0
        connection.cursor().executemany(
            "INSERT INTO notes (text, attachments) VALUES (%s, %s)", NOTES
        )
        return len(NOTES)


def work(session: Session) -> None:
    log.info("seeded", extra={"notes": fill(session.database("db", max_size=1))})


if __name__ == "__main__":
    run(work)
