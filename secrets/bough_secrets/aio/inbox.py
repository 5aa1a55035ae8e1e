"""The same as `bough_secrets.inbox` for an asyncio application; its TABLE serves both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bough_secrets.aio.database import AsyncDatabase
from bough_secrets.aio.queue import AsyncMessage
from bough_secrets.connections import AsyncConnection
from bough_secrets.inbox import NOTE, require_id

Work = Callable[[AsyncConnection, AsyncMessage], Awaitable[object]]


async def handle_once(message: AsyncMessage, database: AsyncDatabase, work: Work) -> bool:
    """Do as `bough_secrets.inbox.handle_once` on an event loop; who is cancelled keeps nothing."""
    require_id(message.queue, message.id)
    async with database.connection() as connection:
        # whoever has the same message in hand is waited for here
        noted = await connection.execute(NOTE, (message.queue, message.id))
        fresh = noted.rowcount == 1
        if fresh:
            await work(connection, message)
    await message.ack()
    return fresh
