"""The one clock that leases are counted by."""

from __future__ import annotations

import time

# Monotonic, and unlike CLOCK_MONOTONIC it goes on while the machine sleeps: leases do as well.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now() -> float:
    """Seconds since an arbitrary start; setting the wall clock does not move it."""
    return time.clock_gettime(_CLOCK)
