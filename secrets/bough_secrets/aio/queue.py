"""A queue whose account changes while an asyncio application works."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bough_secrets.message import Message
from bough_secrets.queue import TIMEOUT, Queue


def _never() -> bool:
    return False


class AsyncMessage:
    """A message as `Message` is, for an event loop."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self.queue = message.queue
        self.id = message.id
        self.body = message.body
        self.redelivered = message.redelivered

    async def ack(self) -> None:
        """The work is done: the queue forgets the message; see `Message.ack`."""
        await asyncio.to_thread(self._message.ack)

    async def reject(self, *, again: bool = True) -> None:
        """The work was not done: put the message back, or drop it with `again=False`."""
        await asyncio.to_thread(self._message.reject, again=again)

    def __repr__(self) -> str:
        return repr(self._message)


class AsyncQueue:
    """One needed queue, for one event loop; its connections and accounts are `Queue`'s.

    Messages are on disk when `publish` returns, and delivered until they are acknowledged: at least
    once. `bough_secrets.aio.inbox.handle_once` makes the effect happen once.
    """

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._publisher = ThreadPoolExecutor(1, "bough-publisher")

    @property
    def user(self) -> str:
        """The account's name at this moment."""
        return self._queue.user

    async def publish(
        self, body: bytes | str, *, id: str | None = None, timeout: float = TIMEOUT
    ) -> str:
        """Put a message on the queue, after those before it; return its id.

        As `Queue.publish` for the rest. Who is cancelled does not know whether it was put there.
        """
        deadline = time.monotonic() + timeout

        def publish() -> str:
            return self._queue.publish(body, id=id, timeout=deadline - time.monotonic())

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._publisher, publish)

    async def messages(
        self, until: Callable[[], bool] = _never, *, prefetch: int = 10
    ) -> AsyncGenerator[AsyncMessage]:
        """Yield messages until `until` is true, which another thread asks twice a second, or the
        session is closed; lost connections are made anew.

        Acknowledge or reject each before the next one: what is not settled goes back to the queue
        when the account is replaced, and when this ends. Several side by side work on several.
        """
        loop, stopped = asyncio.get_running_loop(), threading.Event()
        found = self._queue.messages(lambda: stopped.is_set() or until(), prefetch=prefetch)
        with_thread = partial(loop.run_in_executor, thread := ThreadPoolExecutor(1, "bough-queue"))
        try:
            while message := await with_thread(next, found, None):
                yield AsyncMessage(message)
        finally:
            stopped.set()
            # After the one that may be waited for, in the thread that has the connection.
            closing = with_thread(found.close)
            thread.shutdown(wait=False)
            await closing

    def rotate(self) -> None:
        """Ask for a new account now; returns at once, no message is lost."""
        self._queue.rotate()
