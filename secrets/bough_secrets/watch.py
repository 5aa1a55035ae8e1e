"""One question that is put to Consul again as soon as its answer may have changed.

The rules for the index are those of Consul's documentation, "Blocking Queries", implementation
details.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from bough_secrets.agent import Agent
from bough_secrets.errors import BoughSecretsError, UnreachableError
from bough_secrets.events import tell
from bough_secrets.retry import Backoff

T = TypeVar("T")
HELD = 60.0  # seconds for which Consul may hold an answer back
PAUSE = 0.1  # seconds between two answers, so that what changes all the time costs little
SLOW = 30.0  # seconds after which a first answer is not waited for, whatever is the matter
AFTER_A_BUG = 30.0


class Watch(Generic[T]):
    """The last good answer to a question; may be read from any thread.

    `read` makes it of Consul's JSON (None: nothing there); `heard` is called on the agent's loop
    after each answer, before whoever waits for the first one goes on.
    """

    def __init__(
        self, agent: Agent, what: str, path: str, read: Callable[[Any], T],
        heard: Callable[[], None] = lambda: None, **query: str | int,
    ) -> None:  # fmt: skip
        self._agent, self._what, self._path, self._query = agent, what, path, query
        self._read, self._heard = read, heard
        self._news = threading.Condition()
        self._answer: list[T] = []
        self._at = 0.0
        self._problem: BoughSecretsError | None = None

    def start(self) -> None:
        """Ask from here on, until the agent is closed. Raises ClosedError."""
        self._agent.loop.start(self._follow())

    @property
    def known(self) -> bool:
        """Whether there is an answer."""
        return bool(self._answer)

    @property
    def age(self) -> float:
        """Seconds since Consul last answered: about a minute at most while it does."""
        return time.monotonic() - self._at

    def answer(self, patience: float) -> T:
        """Return the last answer; for the first one, try again for `patience` seconds.

        Raises DeniedError, RefusedError, UnreachableError.
        """
        with self._news:
            if not self._news.wait_for(lambda: self._answer or self._hopeless, patience):
                self._news.wait_for(lambda: self._answer or self._problem, SLOW)
            if self._answer:
                return self._answer[0]
        raise self._problem or UnreachableError(
            f"Consul did not say in time what {self._what} are",
            "Check that it runs",
        )

    @property
    def _hopeless(self) -> bool:
        return self._problem is not None and not isinstance(self._problem, UnreachableError)

    async def _follow(self) -> None:
        index, backoff = 0, Backoff(first=0.5, longest=5.0)
        while True:
            try:
                index = following(index, await self._ask(index))
                pause = PAUSE
                backoff.reset()
            except BoughSecretsError as error:
                self._miss(error)
                index, pause = 0, backoff.pause()
            except Exception:  # a bug, or an answer of a shape that nobody foresaw
                tell("consul.unreadable", what=self._what, seconds=AFTER_A_BUG)
                index, pause = 0, AFTER_A_BUG
            await asyncio.sleep(pause)

    async def _ask(self, index: int) -> int:
        if index:
            query = {**self._query, "index": index}
            reply = await self._agent.ask(self._path, query, held=HELD)
        else:
            reply = await self._agent.ask(self._path, self._query)
        self._hear(self._read(reply.body))
        return reply.index

    def _hear(self, answer: T) -> None:
        with self._news:
            self._answer, self._at = [answer], time.monotonic()
            back, self._problem = self._problem, None
            self._heard()
            self._news.notify_all()
        if back:
            tell("consul.back", what=self._what)

    def _miss(self, error: BoughSecretsError) -> None:
        with self._news:
            first, self._problem = self._problem is None, error
            self._news.notify_all()
        if first and self.known:
            tell("consul.stale", error, what=self._what, seconds=self.age)


def following(index: int, received: int) -> int:
    """Return the index to ask with next; 0 asks without waiting, after it went backwards."""
    return 0 if received < index else max(received, 1)
