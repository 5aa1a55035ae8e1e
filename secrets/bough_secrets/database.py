"""A database whose account changes while the application works."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from psycopg_pool import PoolClosed

from bough_secrets.connections import Connection, Lent
from bough_secrets.generation import Generation

TIMEOUT = 10.0  # seconds to wait for a free connection


class Database:
    """Connections to one needed database; may be used from any thread.

    Hold a connection for one unit of work, not for the life of the program: a connection that
    is out for longer than five minutes may be cut when its account is replaced.
    """

    def __init__(self, generation: Generation, hurry: Callable[[], None]) -> None:
        self._generation = generation
        self._hurry = hurry
        self._lock = threading.Lock()
        self._closed = False
        self._followers: list[Callable[[], object]] = []

    @property
    def generation(self) -> Generation:
        """The account that is handed out at this moment, and its connections."""
        return self._generation

    @property
    def user(self) -> str:
        """The account's name at this moment."""
        return self._generation.account.user

    @contextmanager
    def connection(self, timeout: float = TIMEOUT) -> Iterator[Connection]:
        """Yield a psycopg connection in a transaction: committed at the end, or rolled back.

        Raises psycopg_pool.PoolTimeout when none is free or can be opened in `timeout` seconds,
        PoolClosed after the session was closed.
        """
        generation, connection = self._take(timeout)
        try:
            with connection:
                yield connection
        finally:
            generation.put(connection)

    def rotate(self) -> None:
        """Ask for a new account now; returns at once, requests go on without a gap."""
        self._hurry()

    def borrow(self, timeout: float = TIMEOUT) -> Connection:
        """Return a connection that comes back when it is closed; raises as `connection` does."""
        generation, connection = self._take(timeout)
        connection.give_back = partial(generation.put, connection)
        return connection

    def follow(self, follower: Callable[[], object]) -> None:
        """Call `follower`, on the background thread, whenever the account was replaced."""
        self._followers.append(follower)

    def swap(self, new: Generation) -> Generation:
        """Hand out `new` from here on; return the generation that it replaces."""
        with self._lock:
            old, self._generation = self._generation, new
            closed = self._closed
        old.close()
        if closed:
            new.close()
        for follower in self._followers:
            follower()
        return old

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self._generation.close()

    def _take(self, timeout: float) -> tuple[Generation, Lent]:
        deadline = time.monotonic() + timeout
        while True:
            generation = self._generation
            try:
                return generation, generation.take(deadline - time.monotonic())
            except PoolClosed:
                if generation is self._generation:
                    raise
