"""The way in, for asyncio."""

from __future__ import annotations

import asyncio

from bough_secrets import connecting
from bough_secrets.aio.session import AsyncSession
from bough_secrets.settings import Addresses, Timing


async def connect(
    addresses: Addresses | None = None, *, timing: Timing | None = None, instance: str | None = None
) -> AsyncSession:
    """Do as `bough_secrets.connect` without holding up the event loop."""
    session = await asyncio.to_thread(
        connecting.connect, addresses, timing=timing, instance=instance
    )
    return AsyncSession(session)


async def connect_or_exit(
    addresses: Addresses | None = None, *, timing: Timing | None = None, instance: str | None = None
) -> AsyncSession:
    """Do as `bough_secrets.connect_or_exit` without holding up the event loop."""
    session = await asyncio.to_thread(
        connecting.connect_or_exit, addresses, timing=timing, instance=instance
    )
    return AsyncSession(session)
