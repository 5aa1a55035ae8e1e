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
    texts: dict[str, str] = field(default_factory=dict)

    def append(self, _home: Home, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.texts.setdefault(entry.id, entry.text)

    def events(
        self, _home: Home, kinds: Sequence[str], facts: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        wanted = [{"event": kind, **facts} for kind in kinds] or [dict(facts)]
        return iter(list(self._holding(wanted)))

    def known(self, _home: Home, event: str, facts: Mapping[str, Any]) -> bool:
        return any(True for _ in self._holding([{"event": event, **facts}]))

    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(store, "append", self.append)
        monkeypatch.setattr(store, "events", self.events)
        monkeypatch.setattr(store, "known", self.known)

    def _holding(self, wanted: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        # as JSON has it, on either side: no tuples, and nobody's change of what they were given
        asked = json.loads(json.dumps(wanted))
        for text in self.texts.values():
            entry = json.loads(text)
            if any(_has(entry, each) for each in asked):
                yield entry


def _has(data: Any, wanted: Any) -> bool:
    """What PostgreSQL means by jsonb containment."""
    if isinstance(wanted, Mapping):
        return isinstance(data, Mapping) and all(
            key in data and _has(data[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(data, list) and all(any(_has(d, w) for d in data) for w in wanted)
    # true is no number there
    return isinstance(data, bool) is isinstance(wanted, bool) and bool(data == wanted)
