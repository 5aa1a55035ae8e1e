"""The same for an asyncio application.

>>> async with await aio.connect_or_exit() as session:  # doctest: +SKIP
...     notes = await session.database("db")
...     async with notes.connection() as connection:
...         await connection.execute("SELECT 1")
"""

from bough_secrets.aio.connecting import connect, connect_or_exit
from bough_secrets.aio.session import AsyncSession

__all__ = ["AsyncSession", "connect", "connect_or_exit"]
