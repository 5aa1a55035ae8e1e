"""Waiting, for a bounded time, for an engine that is briefly away."""

from __future__ import annotations

import math
import random

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from bough_secrets.errors import UnreachableError


def patiently(seconds: float) -> Retrying:
    """Return a caller that repeats on UnreachableError, for at most `seconds`, then raises it."""
    return Retrying(
        retry=retry_if_exception_type(UnreachableError),
        stop=stop_after_delay(seconds),
        wait=wait_exponential_jitter(multiplier=0.1, max=3, jitter=0.2),
        reraise=True,
    )


URGENT = 4.0  # seconds: the longest pause for who has nothing valid any more


class Backoff:
    """Growing pauses, in seconds, with jitter: `first`, twice that … up to `longest`."""

    def __init__(self, first: float = 1.0, longest: float = 60.0) -> None:
        self._first, self._longest = first, longest
        self._next = first

    def pause(self, left: float = math.inf) -> float:
        """The next pause; at most a third of what is `left` until something ends, or `URGENT`."""
        pause, self._next = self._next, min(2 * self._next, self._longest)
        pause = min(pause, max(left / 3, URGENT))
        return pause * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not cryptography

    def reset(self) -> None:
        self._next = self._first
