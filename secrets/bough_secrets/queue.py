"""A queue whose account changes while the application works."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator
from contextlib import suppress

from bough_secrets.errors import UnreachableError
from bough_secrets.events import tell
from bough_secrets.holder import Holder
from bough_secrets.message import Message
from bough_secrets.queue_generation import QueueGeneration
from bough_secrets.retry import Backoff

TIMEOUT = 30.0  # seconds that a message may take to be on the queue's disk
LOOK = 0.5  # seconds between two looks whether to go on


def _never() -> bool:
    return False


def _wait(seconds: float, ended: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0 and not ended():
        time.sleep(min(left, LOOK))


class Queue(Holder[QueueGeneration]):
    """One needed queue; may be used from any thread.

    Messages are on disk when `publish` returns, and delivered until they are acknowledged: at least
    once. `bough_secrets.inbox.handle_once` makes the effect happen once.
    """

    def publish(self, body: bytes | str, *, id: str | None = None, timeout: float = TIMEOUT) -> str:
        """Put a message on the queue; return its id, which is made up unless it is given.

        While it is not known whether RabbitMQ has the message it is sent again, with the same id.
        Give an id that says what is to be done, such as `invoice-42`, and asking for it again does
        no harm either. Raises UnreachableError after `timeout` seconds, or when closed.
        """
        id = id or uuid.uuid4().hex
        content = body.encode() if isinstance(body, str) else body
        deadline, backoff = time.monotonic() + timeout, Backoff(0.1, 2)
        while True:
            generation = self._generation
            try:
                generation.publish(content, id)
                return id
            except UnreachableError:
                if self._closed or time.monotonic() > deadline:
                    raise
            if generation is self._generation:
                time.sleep(backoff.pause())

    def messages(
        self, until: Callable[[], bool] = _never, *, prefetch: int = 10
    ) -> Generator[Message]:
        """Yield messages until `until` is true or the session is closed; lost connections are made
        anew.

        Acknowledge or reject each: RabbitMQ sends `prefetch` ahead and then waits. For one thread;
        what it has not settled when it stops goes back to the queue.
        """

        def ended() -> bool:
            return self._closed or until()

        backoff = Backoff(0.1, 5)
        while not ended():
            generation = self._generation
            try:
                with generation.consumer(prefetch) as consumer:
                    while generation is self._generation and not ended():
                        if message := consumer.next(LOOK):
                            backoff.reset()
                            yield message
            except UnreachableError as error:
                pause = backoff.pause()
                tell("queue.interrupted", error, need=generation.queue, pause=pause)
                _wait(pause, ended)

    def probe(self) -> None:
        """Connect, unless that is done: find out whether the account is still accepted."""
        with suppress(UnreachableError):
            self._generation.open()
