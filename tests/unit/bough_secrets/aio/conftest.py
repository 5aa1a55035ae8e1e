from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bough_secrets import Timing, aio
from bough_secrets.testing import Platform

INSTANCE = "web-1-abcdef"
Connected = Callable[..., AbstractAsyncContextManager[aio.AsyncSession]]


@pytest.fixture
def connected(platform: Platform) -> Connected:
    """A session of the event loop that is running, closed at the end of the block."""

    @asynccontextmanager
    async def connected(**timing: float) -> AsyncIterator[aio.AsyncSession]:
        platform.deliver()
        how = Timing(**{"patience": 0.2, **timing})  # type: ignore[arg-type]
        async with await aio.connect(platform.addresses, timing=how, instance=INSTANCE) as session:
            yield session

    return connected
