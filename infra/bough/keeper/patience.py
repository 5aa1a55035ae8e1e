"""Trying again, at growing distances, for each thing by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

LONGEST_PAUSE = 300.0


@dataclass
class Patience:
    """How long to leave a thing alone after each try: 1 s, 2 s, 4 s … up to `LONGEST_PAUSE`."""

    _tries: dict[Hashable, tuple[int, float]] = field(default_factory=dict)

    def allows(self, thing: Hashable, now: float) -> bool:
        tries, last = self._tries.get(thing, (0, 0.0))
        return tries == 0 or now >= last + min(2.0 ** (tries - 1), LONGEST_PAUSE)

    def tried(self, thing: Hashable, now: float) -> None:
        tries, last = self._tries.get(thing, (0, now))
        # whoever was left in peace for long enough begins anew
        rested = now - last > 2 * LONGEST_PAUSE
        self._tries[thing] = (1 if rested else tries + 1, now)
