"""A ledger in memory: for tests of what is decided from one, where no PostgreSQL runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bough.ledger import store
from bough.ledger.entries import Entry
from bough_components.local.home import Home


@dataclass
class MemoryLedger:
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def append(self, _home: Home, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.entries.setdefault(entry.id, json.loads(entry.text))

    def events(
        self, _home: Home, kinds: Sequence[str], facts: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        wanted = [{"event": kind, **facts} for kind in kinds] or [dict(facts)]
        found = [each for each in self.entries.values() if any(_has(each, one) for one in wanted)]
        return iter(found)

    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store, "append", self.append)
        monkeypatch.setattr(store, "events", self.events)


def _has(data: Any, wanted: Any) -> bool:
    """What PostgreSQL means by jsonb containment."""
    if isinstance(wanted, Mapping):
        return isinstance(data, Mapping) and all(
            key in data and _has(data[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(data, list) and all(any(_has(d, w) for d in data) for w in wanted)
    return bool(data == wanted)
