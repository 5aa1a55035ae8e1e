"""Waiting for what happens on another thread."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], bool], seconds: float = 5) -> float:
    """Return after how many seconds it became true; fail when it does not."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + seconds, "it did not happen"
        time.sleep(0.01)
    return time.monotonic() - began
