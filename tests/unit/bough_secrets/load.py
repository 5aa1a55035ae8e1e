"""Using a database as an application does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bough_secrets.database import Database


def user(database: Database) -> str:
    """The account that a request works with."""
    with database.connection() as connection:
        found = connection.execute("SELECT session_user").fetchone()
    assert found
    return str(found[0])


@dataclass
class Load:
    users: set[str] = field(default_factory=set)
    failures: list[Exception] = field(default_factory=list)


@contextmanager
def load(database: Database) -> Iterator[Load]:
    """Four threads that send one request after another."""
    stop, load = threading.Event(), Load()

    def work() -> None:
        while not stop.is_set():
            try:
                load.users.add(user(database))
            except Exception as error:
                load.failures.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join()
