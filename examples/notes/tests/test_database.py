"""With a real PostgreSQL: set TEST_DATABASE_URL to a database that may be changed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from notes.counting import count_some
from notes.migrate import Step, apply
from notes.seed import fill
from notes.store import Store

URL = os.environ.get("TEST_DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="TEST_DATABASE_URL is not set")


class Direct:
    """A new connection each time, to a schema of its own."""

    @contextmanager
    def connection(self, timeout: float = 5) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        options = "-c search_path=notes_test"
        with psycopg.connect(URL, options=options, connect_timeout=int(timeout)) as connection:
            yield connection


@pytest.fixture
def database() -> Iterator[Direct]:
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA notes_test")
        yield Direct()
        connection.execute("DROP SCHEMA notes_test CASCADE")


def test_migrations_are_applied_once(database: Direct) -> None:
    assert apply(database) == Step(None, "0001")
    assert apply(database) == Step("0001", "0001")


def test_seeding_fills_an_empty_database_only(database: Direct) -> None:
    apply(database)
    assert fill(database) == 3
    assert fill(database) == 0


def test_what_one_worker_has_claimed_the_other_leaves_alone(database: Direct) -> None:
    apply(database)
    store = Store(database)
    first = store.add("one two", ["a.txt"])
    with database.connection() as connection:
        connection.execute("SELECT 1 FROM notes FOR UPDATE")
        assert count_some(database) == 0
    assert count_some(database) == 1
    counted = store.get(first.id)
    assert counted is not None
    assert (counted.words, counted.attachments) == (2, ["a.txt"])
    assert store.newest(5) == [counted]
    assert store.get(0) is None
    store.check()
    assert store.user()
