"""Whether a window is open, and when the next one opens, on clocks that are put forward and back.

As RFC 5545 has it (3.3.5, 3.3.6): a time that a change of clocks skips is read with the offset
before it; one that comes twice is the first; hours are exact, days are as long as they are.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bough.config.fields import span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bough.config.windows import Window

_SPARE = timedelta(days=1)
"""More than clocks are ever moved."""


def is_open(windows: Iterable[Window], now: datetime) -> bool:
    """Whether any of them is; `now` is aware."""
    return any(_is_open(window, now) for window in windows)


def opens(windows: Iterable[Window], now: datetime) -> datetime | None:
    """When the next one opens, in its own time zone; None when none ever does again."""
    coming = [found for window in windows if (found := _opens(window, now))]
    return min(coming, key=lambda each: each.astimezone(UTC), default=None)


def _is_open(window: Window, now: datetime) -> bool:
    earliest = now - span(window.duration) - _SPARE
    starts = window.recurrence().between(earliest, now + _SPARE, inc=True)
    return any(_begin(start) <= now < _end(start, window.duration) for start in starts)


def _opens(window: Window, now: datetime) -> datetime | None:
    starts = window.recurrence().xafter(now - _SPARE)
    coming = (_begin(start) for start in starts)
    found = next((begin for begin in coming if begin > now), None)
    return found and found.astimezone(ZoneInfo(window.timezone))


def _begin(start: datetime) -> datetime:
    return start.astimezone(UTC)


def _end(start: datetime, duration: str) -> datetime:
    if duration.endswith("d"):
        return (start + span(duration)).astimezone(UTC)
    return start.astimezone(UTC) + span(duration)
