"""A database whose account changes while an asyncio application works."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial

from psycopg_pool import PoolClosed

from bough_secrets.aio.pool import AsyncPool
from bough_secrets.connections import AsyncConnection, AsyncLent
from bough_secrets.database import TIMEOUT, Database


class AsyncDatabase:
    """Connections to one needed database, for one event loop; their accounts are `Database`'s.

    Hold a connection for one unit of work, not for the life of the program: a connection that
    is out for longer than five minutes may be cut when its account is replaced.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop = asyncio.get_running_loop()
        self._pool: AsyncPool | None = None
        self._opening = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        database.follow(self._follow)

    @property
    def user(self) -> str:
        """The account's name at this moment."""
        return self._database.user

    @asynccontextmanager
    async def connection(self, timeout: float = TIMEOUT) -> AsyncIterator[AsyncConnection]:
        """Yield a psycopg connection in a transaction: committed at the end, or rolled back.

        Raises psycopg_pool.PoolTimeout when none is free or can be opened in `timeout` seconds,
        PoolClosed after the session was closed.
        """
        pool, connection = await self._take(timeout)
        try:
            async with connection:
                yield connection
        finally:
            await pool.put(connection)

    async def borrow(self, timeout: float = TIMEOUT) -> AsyncConnection:
        """Return a connection that comes back when it is closed; raises as `connection` does."""
        pool, connection = await self._take(timeout)
        connection.give_back = partial(pool.put, connection)
        return connection

    def rotate(self) -> None:
        """Ask for a new account now; returns at once, requests go on without a gap."""
        self._database.rotate()

    async def close(self) -> None:
        """Close the connections; what is in use stays until it comes back."""
        self._closed = True
        async with self._opening:
            if self._pool:
                await self._pool.close()
        await asyncio.gather(*self._tasks)

    async def _take(self, timeout: float) -> tuple[AsyncPool, AsyncLent]:
        deadline = time.monotonic() + timeout
        while True:
            pool = await self._current()
            try:
                connection = await pool.take(deadline - time.monotonic())
            except PoolClosed:
                if self._closed:
                    raise
                continue
            if pool.generation is self._database.generation:
                return pool, connection
            await pool.put(connection)

    async def _current(self) -> AsyncPool:
        """Return the pool of the account of this moment."""
        async with self._opening:
            if self._closed:
                raise PoolClosed("the session is closed")
            generation, old = self._database.generation, self._pool
            if old and old.generation is generation:
                return old
            self._pool = pool = AsyncPool(generation)
            await pool.open()
            if old:
                self._begin(old.close())
            return pool

    def _follow(self) -> None:
        with suppress(RuntimeError):  # the event loop has ended
            self._loop.call_soon_threadsafe(lambda: self._begin(self._renew()))

    async def _renew(self) -> None:
        with suppress(PoolClosed):
            await self._current()

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
