"""A MariaDB database whose account changes while the application works."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from socket import socket

import pymysql
from pymysql.connections import Connection
from pymysql.constants.ER import ACCESS_DENIED_ERROR

from bough_secrets.account import Account, Location
from bough_secrets.errors import UnreachableError
from bough_secrets.holder import Holder
from bough_secrets.lending import Access

CONNECT_TIMEOUT = 5  # seconds
TIMEOUT = 10.0  # seconds in which a connection is opened
PAUSE = 0.2  # seconds


class Lent(Connection):
    """A connection that knows the account that opened it."""

    generation: MariaDBGeneration
    _read_timeout: float | None
    _write_timeout: float | None

    def connect(self, sock: socket | None = None) -> None:
        # PyMySQL's own limit ends with the TCP handshake: a server that hangs would be waited for.
        self._read_timeout = self._write_timeout = CONNECT_TIMEOUT
        super().connect(sock)
        self._read_timeout = self._write_timeout = None


class MariaDBGeneration:
    """One account and the connections that were opened with it; a rotation makes the next one."""

    def __init__(
        self, account: Account, location: Location, *, name: str, refused: Callable[[str], None]
    ) -> None:
        self.account = account
        self._location = location
        self._name = name
        self._refused = refused
        self._out = 0
        self._counting = threading.Lock()

    @property
    def out(self) -> int:
        """How many connections of this account are in use."""
        return self._out

    @property
    def access(self) -> Access:
        """What another program needs to connect as this account."""
        at = self._location
        return Access(
            "mysql", self.account.user, self.account.password, at.host, at.port, at.database
        )

    def open(self) -> None:
        """Prove that the account works. Raises UnreachableError."""
        try:
            self.connect().close()
        except pymysql.OperationalError as error:
            where = f"{self._location.database!r} at {self._location.host}:{self._location.port}"
            raise UnreachableError(
                f"No connection to the database {where} as {self.account.user}: {error.args[-1]}",
                "Check that MariaDB runs and accepts this account",
            ) from None

    def connect(self) -> Lent:
        """Open a connection. Raises pymysql.OperationalError."""
        at = self._location
        try:
            connection = Lent(
                host=at.host, port=at.port, database=at.database, user=self.account.user,
                password=self.account.password.reveal(), program_name=self._name,
                connect_timeout=CONNECT_TIMEOUT, ssl_disabled=True,
            )  # fmt: skip
        except pymysql.OperationalError as error:
            if error.args[0] == ACCESS_DENIED_ERROR:
                self._refused(self.account.user)
            raise
        connection.generation = self
        return connection

    def hold(self) -> None:
        """Count one more connection of this account as in use."""
        with self._counting:
            self._out += 1

    def release(self) -> None:
        """Count one less."""
        with self._counting:
            self._out -= 1

    def close(self) -> None:
        """Whoever holds connections closes them."""


class MariaDB(Holder[MariaDBGeneration]):
    """Opens connections as the account of the moment; who pools them follows it."""

    def __init__(self, generation: MariaDBGeneration, hurry: Callable[[], None]) -> None:
        super().__init__(generation, hurry)
        self._replaced = threading.Condition()
        self.follow(self._wake)

    def connect(self, timeout: float = TIMEOUT) -> Lent:
        """Open a connection; while that fails, again and with whatever account there is then.

        Raises pymysql.OperationalError after `timeout` seconds, pymysql.InterfaceError after the
        session was closed.
        """
        deadline = time.monotonic() + timeout
        while True:
            if self._closed:
                raise pymysql.InterfaceError("the session is closed")
            generation = self._generation
            try:
                return generation.connect()
            except pymysql.OperationalError:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise
                self._wait_for_another(generation, min(PAUSE, left))

    def probe(self) -> None:
        """Find out whether the account is still accepted."""
        with contextlib.suppress(pymysql.MySQLError):
            self._generation.connect().close()

    def close(self) -> None:
        super().close()
        for follower in self._followers:
            follower()

    def _wake(self) -> None:
        with self._replaced:
            self._replaced.notify_all()

    def _wait_for_another(self, generation: MariaDBGeneration, seconds: float) -> None:
        with self._replaced:
            self._replaced.wait_for(lambda: self._generation is not generation, seconds)
