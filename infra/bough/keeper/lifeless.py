"""Since when instances have not been alive, and which of them it is time to restart; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bough_components.local.instances import Wanted

SECONDS = 30.0
"""For how long an instance has not been alive before it is restarted."""


@dataclass
class Lifeless:
    _since: dict[tuple[str, str], float] = field(default_factory=dict)

    def due(self, found: Iterable[Wanted], now: float) -> list[Wanted]:
        """Of those `found` not to be alive the ones to restart, at most one of each service: what
        ails them all never takes them all."""
        known = {(each.slug, each.instance): each for each in found}
        self._since = {key: self._since.get(key, now) for key in known}
        late = sorted(key for key in known if now - self._since[key] >= SECONDS)
        first: dict[tuple[str, str], Wanted] = {}
        for each in (known[key] for key in late):
            first.setdefault((each.slug, each.service), each)
        return list(first.values())

    def forget(self, instance: Wanted) -> None:
        """One that was restarted begins anew."""
        self._since.pop((instance.slug, instance.instance), None)
