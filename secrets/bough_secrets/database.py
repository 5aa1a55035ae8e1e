"""A database whose account changes while the application works."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

import psycopg
from psycopg_pool import PoolClosed

from bough_secrets.connections import Connection, Lent
from bough_secrets.generation import Generation
from bough_secrets.holder import Holder

TIMEOUT = 10.0  # seconds to wait for a free connection
PROBE_TIMEOUT = 3.0  # seconds


class Database(Holder[Generation]):
    """Connections to one needed database; may be used from any thread.

    Hold a connection for one unit of work, not for the life of the program: a connection that
    is out for longer than five minutes may be cut when its account is replaced.
    """

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

    def borrow(self, timeout: float = TIMEOUT) -> Connection:
        """Return a connection that comes back when it is closed; raises as `connection` does."""
        generation, connection = self._take(timeout)
        connection.give_back = partial(generation.put, connection)
        return connection

    def probe(self) -> None:
        """Find out whether the account is still accepted."""
        with suppress(psycopg.Error), self.connection(PROBE_TIMEOUT):
            pass

    def _take(self, timeout: float) -> tuple[Generation, Lent]:
        deadline = time.monotonic() + timeout
        while True:
            generation = self._generation
            try:
                return generation, generation.take(deadline - time.monotonic())
            except PoolClosed:
                if generation is self._generation:
                    raise
