"""The connections that an event loop has of one account."""

from __future__ import annotations

import asyncio
import time

import psycopg
from psycopg_pool import AsyncConnectionPool

from bough_secrets.connections import AsyncLent, reporting_async
from bough_secrets.generation import Generation


class AsyncPool:
    """asyncio's side of a generation: what it hands out counts as in use there."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self._pool = AsyncConnectionPool(
            kwargs=generation.parameters, connection_class=reporting_async(generation.failed),
            min_size=0, max_size=generation.max_size, num_workers=2, name=generation.name,
            open=False,
        )  # fmt: skip

    async def open(self) -> None:
        """Begin to connect."""
        await self._pool.open()

    async def take(self, timeout: float) -> AsyncLent:
        """Hand out a working connection. Raises as `Generation.take` does."""
        self.generation.hold()
        try:
            return await self._usable(timeout)
        except BaseException:
            self.generation.release()
            raise

    async def put(self, connection: AsyncLent) -> None:
        """Take a connection back; it is closed when its account was replaced."""
        # Shielded, because a request that is cancelled twice must not keep a connection.
        try:
            await asyncio.shield(self._pool.putconn(connection))
        finally:
            self.generation.release()

    async def close(self) -> None:
        """Hand nothing out any more; connections that are in use stay until they come back."""
        await self._pool.close(timeout=1)

    async def _usable(self, timeout: float) -> AsyncLent:
        deadline = time.monotonic() + timeout
        asked = _cancellations()
        while True:
            connection = await self._pool.getconn(deadline - time.monotonic())
            try:
                # Python 3.11's wait_for, which the pool uses, forgets a cancellation that comes
                # together with its answer.
                if _cancellations() > asked:
                    raise asyncio.CancelledError
                if await self._fits(connection):
                    return connection
            except BaseException:
                await asyncio.shield(self._discard(connection))
                raise
            await self._discard(connection)

    async def _fits(self, connection: AsyncLent) -> bool:
        try:
            await AsyncConnectionPool.check_connection(connection)
        except psycopg.Error:
            return False
        return connection.info.user == self.generation.account.user

    async def _discard(self, connection: AsyncLent) -> None:
        await connection.close()
        await self._pool.putconn(connection)


def _cancellations() -> int:
    """How often the running task was asked to end."""
    task = asyncio.current_task()
    return task.cancelling() if task else 0
