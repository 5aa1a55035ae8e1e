"""What the platform asks of all instances of an environment: new credentials, now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from bough_secrets.agent import Agent, value
from bough_secrets.watch import Watch


class Orders:
    """Calls `obey` whenever an order was given after the first look; on the agent's loop."""

    def __init__(self, agent: Agent, key: str, obey: Callable[[], object]) -> None:
        self._obey = obey
        self._seen: list[str | None] = []
        self._watch = Watch(agent, "the platform's orders", f"kv/{quote(key)}", _read, self._heard)
        self._watch.start()

    def _heard(self) -> None:
        order, before = self._watch.answer(0), self._seen
        self._seen = [order]
        if before and order is not None and before != self._seen:
            self._obey()


def _read(entries: list[dict[str, Any]] | None) -> str | None:
    return value(entries[0]) if entries else None
