from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
import pytest
from notes.api import Api, build
from notes.settings import Settings
from notes.store import Note
from starlette.testclient import TestClient


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
    environment: str = "feature-7-tags"
    instance: str = "web-1-abcdef"
    valid: bool = True


@pytest.fixture
def notes() -> MemoryNotes:
    return MemoryNotes()


@pytest.fixture
def who() -> Who:
    return Who()


@pytest.fixture
def client(notes: MemoryNotes, who: Who) -> Iterator[TestClient]:
    with TestClient(build(Api(notes, who, Settings("Notes", 2)))) as client:
        yield client
