"""psycopg's connections, with what a pool and SQLAlchemy do not do by themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import psycopg

Row = tuple[Any, ...]
Connection = psycopg.Connection[Row]
AsyncConnection = psycopg.AsyncConnection[Row]
Failed = Callable[[psycopg.OperationalError], None]
REFUSED = ("28P01", "28000")


class Lent(psycopg.Connection[Row]):
    """A connection that `close` gives back, once, while it is lent out."""

    give_back: Callable[[], None] | None = None

    def close(self) -> None:
        give_back, self.give_back = self.give_back, None
        if give_back:
            give_back()
        else:
            super().close()

    def add_notice_handler(self, callback: Any) -> None:
        # SQLAlchemy adds the same one whenever it is handed a connection.
        with suppress(ValueError):
            self.remove_notice_handler(callback)
        super().add_notice_handler(callback)


class AsyncLent(psycopg.AsyncConnection[Row]):
    """The same for asyncio."""

    give_back: Callable[[], Awaitable[None]] | None = None

    async def close(self) -> None:
        give_back, self.give_back = self.give_back, None
        if give_back:
            await give_back()
        else:
            await super().close()

    def add_notice_handler(self, callback: Any) -> None:
        with suppress(ValueError):
            self.remove_notice_handler(callback)
        super().add_notice_handler(callback)


def reporting(failed: Failed) -> type[Lent]:
    """Return a connection class that reports failures to connect, which a pool only logs."""

    class Reporting(Lent):
        @classmethod
        def connect(cls, conninfo: str = "", **kwargs: Any) -> Any:
            try:
                return super().connect(conninfo, **kwargs)
            except psycopg.OperationalError as error:
                failed(error)
                raise

    return Reporting


def reporting_async(failed: Failed) -> type[AsyncLent]:
    """The same for asyncio."""

    class Reporting(AsyncLent):
        @classmethod
        async def connect(cls, conninfo: str = "", **kwargs: Any) -> Any:
            try:
                return await super().connect(conninfo, **kwargs)
            except psycopg.OperationalError as error:
                failed(error)
                raise

    return Reporting


def was_refused(error: psycopg.OperationalError) -> bool:
    """Whether the server rejected the account: SQLSTATE 28P01 or 28000.

    libpq gives no SQLSTATE for a failed connection. It does say that it sent a password; the
    rare other failure after that (the server is full) costs one superfluous rotation.
    """
    return error.sqlstate in REFUSED or bool(error.pgconn and error.pgconn.used_password)
