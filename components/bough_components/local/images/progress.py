"""The engine's streams of events, as a line now and then for people."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

SECONDS_BETWEEN_LINES = 2.0
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Throttle:
    """Lets a line through when the last one is old enough: a log of 10 000 lines is no progress."""

    def __init__(
        self, report: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._report, self._clock = report, clock
        self._last = clock()

    def __call__(self, line: str, *, always: bool = False) -> None:
        if always or self._clock() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = self._clock()
            self._report(line)


class Pulling:
    """Events of a pull: layers that are done, megabytes of those under way."""

    def __init__(
        self,
        reference: str,
        report: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reference, self._say = reference, Throttle(report, clock)
        self._done: dict[str, bool] = {}
        self._bytes: dict[str, int] = {}

    def take(self, event: Mapping[str, Any]) -> None:
        layer, status = event.get("id"), str(event.get("status", ""))
        if not layer or status.startswith("Pulling from"):
            return
        self._done[layer] = status in {"Pull complete", "Already exists"}
        if status == "Downloading":
            self._bytes[layer] = event.get("progressDetail", {}).get("current", 0)
        megabytes = sum(self._bytes.values()) // 1_000_000
        layers = f"{sum(self._done.values())} of {len(self._done)} layers"
        self._say(f"{self._reference}: pulling, {layers}, {megabytes} MB")


class Building:
    """Events of a build: every step, and a line of a long step's output now and then.

    tail: the last lines, for the error message.
    """

    def __init__(
        self,
        name: str,
        report: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._say = name, Throttle(report, clock)
        self.tail: list[str] = []

    def take(self, event: Mapping[str, Any]) -> None:
        text = COLOURS.sub("", str(event.get("stream") or event.get("error") or ""))
        for line in filter(None, map(str.strip, text.splitlines())):
            self.tail = [*self.tail[-19:], line]
            self._say(f"{self._name}: {line[:100]}", always=line.startswith("Step "))
