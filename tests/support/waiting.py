"""Waiting for what must come true, never for time to pass."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Found = TypeVar("Found")
POLL = 0.05


def until(question: Callable[[], Found], seconds: float, what: str, *, poll: float = POLL) -> Found:
    """The first answer of `question` that is true; the test fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still not: {what}"
        time.sleep(poll)
    return answer
