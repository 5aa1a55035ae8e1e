"""What is set for an instance: layers in Consul, where a later one wins, watched."""

from __future__ import annotations

import time
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from bough_secrets.agent import Agent, value
from bough_secrets.events import tell
from bough_secrets.watch import Watch

Settings = Mapping[str, str]
Callback = Callable[[frozenset[str]], object]


class Config(Mapping[str, str]):
    """The settings as they are at this moment; reading never waits, from any thread.

    Two reads may lie on either side of a change: read what belongs together from one `snapshot`.
    """

    def __init__(self, agent: Agent, prefixes: Sequence[str]) -> None:
        self._snapshot: Settings | None = None
        self._callbacks: list[Callback] = []
        self._caller = ThreadPoolExecutor(1, "bough-config")
        self._layers = [
            Watch(agent, f"the settings below {prefix}", f"kv/{quote(prefix)}",
                  partial(settings, prefix), self._heard, recurse=1)
            for prefix in prefixes
        ]  # fmt: skip
        for layer in self._layers:
            layer.start()

    def wait(self, patience: float) -> None:
        """Wait for the first answers, as `Watch.answer` does."""
        deadline = time.monotonic() + patience
        for layer in self._layers:
            layer.answer(max(0.0, deadline - time.monotonic()))

    @property
    def snapshot(self) -> Settings:
        """All settings as they were at one moment; it never changes."""
        return self._snapshot or {}

    @property
    def age(self) -> float:
        """Seconds since Consul last confirmed them all: about a minute at most while it answers."""
        return max(layer.age for layer in self._layers)

    def on_change(self, callback: Callback) -> None:
        """Call `callback` with the names of the settings that changed, from now on.

        One call after another, on a thread that does nothing else; what it raises is logged.
        """
        self._callbacks.append(callback)

    def close(self) -> None:
        """Call nobody any more."""
        self._caller.shutdown(wait=False, cancel_futures=True)

    def _heard(self) -> None:
        # On the agent's loop only, so that one change is merged after another.
        if not all(layer.known for layer in self._layers):
            return
        old, new = self._snapshot, merged([layer.answer(0) for layer in self._layers])
        self._snapshot = new
        if old is not None and (names := changed(old, new)):
            tell("config.changed", names=", ".join(sorted(names)))
            for callback in list(self._callbacks):
                self._caller.submit(_call, callback, names)

    def __getitem__(self, name: str) -> str:
        return self.snapshot[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.snapshot)

    def __len__(self) -> int:
        return len(self.snapshot)


def settings(prefix: str, entries: list[dict[str, Any]] | None) -> Settings:
    """Read the entries below a prefix; what is no UTF-8 text is left out, and said."""
    found = {}
    for entry in entries or []:
        if name := entry["Key"].removeprefix(prefix):
            try:
                found[name] = value(entry)
            except ValueError:
                tell("config.left-out", key=entry["Key"])
    return found


def merged(layers: Sequence[Settings]) -> Settings:
    """Return one mapping that never changes; a later layer wins."""
    return MappingProxyType(dict(ChainMap(*(dict(layer) for layer in reversed(layers)))))


def changed(old: Settings, new: Settings) -> frozenset[str]:
    """Return the names that came, went, or have another value."""
    return frozenset(name for name in {*old, *new} if old.get(name) != new.get(name))


def _call(callback: Callback, names: frozenset[str]) -> None:
    try:
        callback(names)
    except Exception:  # the application's own; the next change must be told all the same
        tell("config.callback-failed", names=", ".join(sorted(names)))
