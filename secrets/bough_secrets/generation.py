"""One database account and the connections that were opened with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from bough_secrets.account import Account, Location
from bough_secrets.connections import Lent, reporting, was_refused
from bough_secrets.errors import UnreachableError
from bough_secrets.lending import Access

CONNECT_TIMEOUT = 5  # seconds


class Generation:
    """A pool of connections that all belong to one account; a rotation makes the next one.

    One that is not `warm` keeps no connection open while none is in use.
    """

    def __init__(
        self, account: Account, location: Location, *, name: str, max_size: int,
        refused: Callable[[str], None], warm: bool = True,
    ) -> None:  # fmt: skip
        self.account = account
        self.name = name
        self.max_size = max_size
        self._location = location
        self._warm = warm
        self._out = 0
        self._lock = threading.Lock()
        self._complaint = "no answer"
        self._refused = refused
        self._class = reporting(self.failed)
        self._pool = ConnectionPool(
            kwargs=self.parameters, connection_class=self._class,
            min_size=int(warm), max_size=max_size, num_workers=2, name=name, open=False,
        )  # fmt: skip

    @property
    def out(self) -> int:
        """How many connections of this account are in use."""
        return self._out

    @property
    def parameters(self) -> dict[str, Any]:
        """What libpq needs to connect as this account."""
        return {
            "host": self._location.host,
            "port": self._location.port,
            "dbname": self._location.database,
            "user": self.account.user,
            "password": self.account.password.reveal(),
            "connect_timeout": CONNECT_TIMEOUT,
            "application_name": self.name,
        }

    @property
    def access(self) -> Access:
        """What another program needs to connect as this account."""
        at = self._location
        return Access(
            "postgresql", self.account.user, self.account.password, at.host, at.port, at.database
        )

    def open(self, timeout: float) -> None:
        """Prove that the account works. Raises UnreachableError after `timeout` seconds."""
        try:
            if not self._warm:
                self._class.connect(**self.parameters).close()
            self._pool.open(wait=True, timeout=timeout)
        except psycopg.OperationalError:
            self.close()
            where = f"{self._location.database!r} at {self._location.host}:{self._location.port}"
            raise UnreachableError(
                f"No connection to the database {where} as {self.account.user}: {self._complaint}",
                "Check that PostgreSQL runs and accepts this account",
            ) from None

    def take(self, timeout: float) -> Lent:
        """Hand out a working connection of this account.

        Raises psycopg_pool.PoolTimeout, or PoolClosed once this generation was replaced.
        """
        self.hold()
        try:
            return self._usable(timeout)
        except BaseException:
            self.release()
            raise

    def put(self, connection: Lent) -> None:
        """Take a connection back; it is closed when this generation was replaced."""
        try:
            self._pool.putconn(connection)
        finally:
            self.release()

    def hold(self) -> None:
        """Count one more connection of this account as in use."""
        with self._lock:
            self._out += 1

    def release(self) -> None:
        """Count one less."""
        with self._lock:
            self._out -= 1

    def failed(self, error: psycopg.OperationalError) -> None:
        """Hear that a connection could not be opened."""
        self._complaint = " ".join(str(error).split())
        if was_refused(error):
            self._refused(self.account.user)

    def close(self) -> None:
        """Hand nothing out any more; connections that are in use stay until they come back."""
        self._pool.close(timeout=1)

    def _usable(self, timeout: float) -> Lent:
        # Our own loop, because the pool's `check` sleeps for a second after a dead connection.
        deadline = time.monotonic() + timeout
        while True:
            connection = self._pool.getconn(deadline - time.monotonic())
            if connection.info.user == self.account.user and _answers(connection):
                return connection
            connection.close()
            self._pool.putconn(connection)


def _answers(connection: Lent) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return True
