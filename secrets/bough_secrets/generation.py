"""One database account and the connections that were opened with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from bough_secrets.account import Account, Location
from bough_secrets.errors import UnreachableError

Connection = psycopg.Connection[tuple[Any, ...]]
REFUSED = ("28P01", "28000")
CONNECT_TIMEOUT = 5  # seconds


class Generation:
    """A pool of connections that all belong to one account; a rotation makes the next one."""

    def __init__(
        self, account: Account, location: Location, *, name: str, max_size: int,
        refused: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.account = account
        self._location = location
        self._out = 0
        self._lock = threading.Lock()
        self._complaint = "no answer"
        self._refused = refused
        self._pool = ConnectionPool(
            kwargs=self._parameters(name), connection_class=_watching(self._failed),
            min_size=1, max_size=max_size, num_workers=2, name=name, open=False,
        )  # fmt: skip

    @property
    def out(self) -> int:
        """How many connections are in use."""
        return self._out

    def open(self, timeout: float) -> None:
        """Prove that the account works. Raises UnreachableError after `timeout` seconds."""
        try:
            self._pool.open(wait=True, timeout=timeout)
        except PoolTimeout:
            where = f"{self._location.database!r} at {self._location.host}:{self._location.port}"
            raise UnreachableError(
                f"No connection to the database {where} as {self.account.user}: {self._complaint}",
                "Check that PostgreSQL runs and accepts this account",
            ) from None

    def take(self, timeout: float) -> Connection:
        """Hand out a working connection of this account.

        Raises psycopg_pool.PoolTimeout, or PoolClosed once this generation was replaced.
        """
        with self._lock:
            self._out += 1
        try:
            return self._usable(timeout)
        except BaseException:
            self._returned()
            raise

    def put(self, connection: Connection) -> None:
        """Take a connection back; it is closed when this generation was replaced."""
        self._pool.putconn(connection)
        self._returned()

    def close(self) -> None:
        """Hand nothing out any more; connections that are in use stay until they come back."""
        self._pool.close(timeout=1)

    def _usable(self, timeout: float) -> Connection:
        # Our own loop, because the pool's `check` sleeps for a second after a dead connection.
        deadline = time.monotonic() + timeout
        while True:
            connection = self._pool.getconn(deadline - time.monotonic())
            if connection.info.user == self.account.user and _answers(connection):
                return connection
            connection.close()
            self._pool.putconn(connection)

    def _returned(self) -> None:
        with self._lock:
            self._out -= 1

    def _failed(self, error: psycopg.OperationalError) -> None:
        self._complaint = " ".join(str(error).split())
        if was_refused(error):
            self._refused(self.account.user)

    def _parameters(self, name: str) -> dict[str, Any]:
        return {
            "host": self._location.host,
            "port": self._location.port,
            "dbname": self._location.database,
            "user": self.account.user,
            "password": self.account.password.reveal(),
            "connect_timeout": CONNECT_TIMEOUT,
            "application_name": name,
        }


def was_refused(error: psycopg.OperationalError) -> bool:
    """Whether the server rejected the account: SQLSTATE 28P01 or 28000.

    libpq gives no SQLSTATE for a failed connection. It does say that it sent a password; the
    rare other failure after that (the server is full) costs one superfluous rotation.
    """
    return error.sqlstate in REFUSED or bool(error.pgconn and error.pgconn.used_password)


def _answers(connection: Connection) -> bool:
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        return False
    return True


def _watching(failed: Callable[[psycopg.OperationalError], None]) -> type[Connection]:
    """Return a connection class that reports failures, which the pool only logs."""

    class Watched(psycopg.Connection[tuple[Any, ...]]):
        @classmethod
        def connect(cls, conninfo: str = "", **kwargs: Any) -> Any:
            try:
                return super().connect(conninfo, **kwargs)
            except psycopg.OperationalError as error:
                failed(error)
                raise

    return Watched
