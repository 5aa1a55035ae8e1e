"""What a person sees: steps with their time, and nothing on standard output but results."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_start = time.monotonic()


def say(line: str) -> None:
    """One line of progress on standard error, with the seconds since bough started."""
    for part in line.splitlines():
        print(f"{time.monotonic() - _start:7.1f}s  {part}", file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what begins, and how long it took when it ended well."""
    say(what)
    begun = time.monotonic()
    yield
    say(f"{what}: done in {time.monotonic() - begun:.1f} s")
