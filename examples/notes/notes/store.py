"""Notes in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import psycopg
from psycopg.rows import class_row

COLUMNS = "id, text, attachments, created_at, words"


class Connections(Protocol):
    """What the store needs of a `bough_secrets` database."""

    def connection(
        self, timeout: float = ...
    ) -> AbstractContextManager[psycopg.Connection[tuple[Any, ...]]]: ...


@dataclass(frozen=True)
class Note:
    """A note; `words` is None until the worker has counted them."""

    id: int
    text: str
    attachments: list[str]
    created_at: datetime
    words: int | None

    def document(self) -> dict[str, Any]:
        """Return the note as JSON has it."""
        return {**vars(self), "created_at": self.created_at.isoformat()}


class Store:
    """Every method is one transaction; raises psycopg.Error while the database is away."""

    def __init__(self, database: Connections) -> None:
        self._database = database

    def add(self, text: str, attachments: list[str]) -> Note:
        query = f"INSERT INTO notes (text, attachments) VALUES (%s, %s) RETURNING {COLUMNS}"  # noqa: S608
        [note] = self._notes(query, text, attachments)
        return note

    def newest(self, limit: int) -> list[Note]:
        return list(self._notes(f"SELECT {COLUMNS} FROM notes ORDER BY id DESC LIMIT %s", limit))  # noqa: S608

    def get(self, id: int) -> Note | None:
        return next(self._notes(f"SELECT {COLUMNS} FROM notes WHERE id = %s", id), None)  # noqa: S608

    def user(self) -> str:
        """Return the account that this transaction uses; it changes with every rotation."""
        with self._database.connection() as connection:
            row = connection.execute("SELECT session_user::text").fetchone()
        return str(row[0]) if row else ""

    def check(self) -> None:
        """Query the notes, quickly. Raises psycopg.Error when that is not possible."""
        with self._database.connection(timeout=2) as connection:
            connection.execute("SELECT 1 FROM notes LIMIT 1")

    def _notes(self, query: str, *values: object) -> Iterator[Note]:
        with self._database.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Note))
            found = cursor.execute(query.encode(), values).fetchall()
        return iter(found)
