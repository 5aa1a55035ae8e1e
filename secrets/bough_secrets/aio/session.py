"""What an asyncio application holds while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING

from bough_secrets.config import Callback, Config
from bough_secrets.discovery import Address
from bough_secrets.identity import Identity
from bough_secrets.secret import Secret
from bough_secrets.session import Session
from bough_secrets.status import Status

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bough_secrets.aio.database import AsyncDatabase
    from bough_secrets.aio.queue import AsyncQueue


class AsyncSession:
    """A session for the event loop that is running when it is made, and for that one alone.

    What may wait for an engine does so on a thread; connections to databases are asyncio's own,
    those to queues have a thread each.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._loop = asyncio.get_running_loop()
        self._databases: dict[str, AsyncDatabase] = {}
        self._queues: dict[str, AsyncQueue] = {}
        self._opening = asyncio.Lock()

    @property
    def identity(self) -> Identity:
        """Who this instance is."""
        return self.session.identity

    @property
    def environment(self) -> str:
        """The environment's slug."""
        return self.session.environment

    @property
    def instance(self) -> str:
        """This instance's name, e.g. `web-1-4fz0a1`."""
        return self.session.instance

    @property
    def valid(self) -> bool:
        """False once closed, or once the identity was revoked: readiness should fail then."""
        return self.session.valid

    async def database(self, need: str, *, max_size: int = 4) -> AsyncDatabase:
        """Open a needed PostgreSQL database; the same object for the same name.

        Raises MissingError, DeniedError, UnreachableError.
        """
        from bough_secrets.aio.database import AsyncDatabase

        async with self._opening:
            if need not in self._databases:
                open_database = partial(self.session.open_database, warm=False)
                database = await asyncio.to_thread(open_database, need, max_size)
                self._databases[need] = AsyncDatabase(database)
            return self._databases[need]

    async def engine(self, need: str, *, max_size: int = 4, echo: bool = False) -> AsyncEngine:
        """Return a SQLAlchemy engine on a needed database; it needs the extra `sqlalchemy`."""
        from bough_secrets.engine import async_engine

        return async_engine(await self.database(need, max_size=max_size), echo)

    async def queue(self, need: str) -> AsyncQueue:
        """Open a needed queue; the same object for the same name. It needs the extra `queue`.

        Raises MissingError, DeniedError, UnreachableError, ConfigurationError without the extra.
        """
        async with self._opening:
            if need not in self._queues:
                queue = await asyncio.to_thread(self.session.queue, need)
                # Here, because a service without a queue needs no library for it.
                from bough_secrets.aio.queue import AsyncQueue

                self._queues[need] = AsyncQueue(queue)
            return self._queues[need]

    async def secret(self, name: str) -> Secret:
        """Read a static secret now. Raises MissingError, DeniedError, UnreachableError."""
        return await asyncio.to_thread(self.session.secret, name)

    async def config(self) -> Config:
        """Return the settings as they are at every moment; reading them never waits.

        Raises DeniedError, UnreachableError.
        """
        return await asyncio.to_thread(lambda: self.session.config)

    async def on_config_change(self, callback: Callback) -> None:
        """Call `callback`, on the event loop, with the names of the settings that changed."""

        def tell(names: frozenset[str]) -> None:
            with suppress(RuntimeError):  # the event loop has ended
                self._loop.call_soon_threadsafe(callback, names)

        (await self.config()).on_change(tell)

    async def service(self, name: str, *, avoid: Collection[Address] = ()) -> Address:
        """Return the address of a healthy instance, each in its turn.

        Name in `avoid` those that just failed you: they are given only when there are no others.
        Raises MissingError, UnreachableError.
        """
        if self.session.knows(name):
            return self.session.service(name, avoid=avoid)
        return await asyncio.to_thread(self.session.service, name, avoid=avoid)

    def status(self) -> Status:
        """Return how this session is, as `Session.status`; it waits for nothing."""
        return self.session.status()

    async def close(self) -> None:
        """Close databases and queues, revoke this identity. Never raises; may be repeated."""
        async with self._opening:
            for database in self._databases.values():
                await database.close()
        await asyncio.to_thread(self.session.close)

    async def __aenter__(self) -> AsyncSession:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        await self.close()
