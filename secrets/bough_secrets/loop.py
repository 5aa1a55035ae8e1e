"""The event loop on which a session waits for Consul, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from bough_secrets.errors import ClosedError

T = TypeVar("T")


class Loop:
    """Runs coroutines until `stop`: however many of them wait, they cost one thread."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._lock = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin `work`. Raises ClosedError after `stop`."""
        with self._lock:
            if not self._stopped:
                return asyncio.run_coroutine_threadsafe(work, self._loop)
        work.close()
        raise ClosedError

    def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work`, and return what it returns. Raises ClosedError when `stop` ends it."""
        try:
            return self.start(work).result()
        except CancelledError:
            raise ClosedError from None

    def stop(self, timeout: float = 5.0) -> None:
        """Cancel whatever runs; wait up to `timeout` seconds for it."""
        with self._lock:
            if not self._stopped:
                self._stopped = True
                self._loop.call_soon_threadsafe(self._stop.set)
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        await self._stop.wait()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
