"""Running on an event loop, and waiting there for what happens elsewhere."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run(main: Coroutine[Any, Any, None]) -> None:
    """Do as `asyncio.run`, which takes the thread's event loop away from whoever comes next."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, main).result()


async def eventually(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.01)
