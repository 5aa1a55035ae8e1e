"""When a notice is tried again, and when no more. Pure."""

from __future__ import annotations

from datetime import timedelta

TRIES = 15
OLDEST = timedelta(days=3)
"""How long after it happened somebody may still be told."""

_FIRST = 5.0
_GROWTH = 4.0
LONGEST = 6 * 3600.0
UNREADY = 30.0
"""Seconds between two looks for what is missing here."""


def pause(tries: int, chance: float, after: float | None = None) -> float:
    """Seconds until the next try, after so many: 5 s, 20 s, 80 s … 6 h, each longer or shorter by
    up to a fifth (`chance`, 0 to 1, says where); not before what the receiver asked for.

    The schedule that Standard Webhooks recommends spans days as well:
    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    # a power that grew for ever would overflow
    grown = min(_FIRST * _GROWTH ** min(tries - 1, 10), LONGEST)
    return max(grown * (0.8 + 0.4 * chance), min(after or 0.0, LONGEST))
