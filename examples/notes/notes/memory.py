"""Notes without a database: a small real implementation, for tests of what lies above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from notes.store import Note


class MemoryNotes:
    """Notes in memory; `away` makes it behave as a store whose database is gone."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.away = False

    def add(self, text: str, attachments: list[str]) -> Note:
        now = datetime(2025, 1, 1, tzinfo=UTC)
        self.notes.append(Note(len(self.notes) + 1, text, attachments, now, None))
        return self.notes[-1]

    def newest(self, limit: int) -> list[Note]:
        return self.notes[::-1][:limit]

    def get(self, id: int) -> Note | None:
        return next((note for note in self.notes if note.id == id), None)

    def user(self) -> str:
        return "v-web-1"

    def check(self) -> None:
        if self.away:
            raise psycopg.OperationalError("the connection is closed")


@dataclass
class Who:
    """An identity that a test can change."""

    environment: str = "feature-7-tags"
    instance: str = "web-1-abcdef"
    valid: bool = True
