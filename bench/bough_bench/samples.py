"""Measured values by name, and the lines in which they are told."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from bough_bench.console import say


class Samples:
    """Every value measured in this run, in the order of measuring."""

    def __init__(self) -> None:
        self.values: defaultdict[str, list[float]] = defaultdict(list)

    def time(self, name: str, action: Callable[[], object]) -> None:
        """Do it and keep the seconds that it took."""
        begun = time.monotonic()
        action()
        seconds = time.monotonic() - begun
        self.values[name].append(seconds)
        say(f"{name}: {seconds:.2f} s")

    def keep(self, name: str, value: float) -> None:
        self.values[name].append(value)

    def median(self, name: str) -> float | None:
        return statistics.median(self.values[name]) if self.values[name] else None


@dataclass(frozen=True)
class Line:
    """A measured thing, and how much of another one it may be (`times`), or of `unit` at all."""

    name: str
    against: str | None = None
    times: float | None = None
    unit: str = "s"
    limit: float | None = None


@dataclass(frozen=True)
class Verdict:
    """A line with its figures; what does not apply or has no target is None."""

    name: str
    median: float
    unit: str
    against: str | None
    ratio: float | None
    target: float | None
    met: bool | None


def judge(samples: Samples, line: Line) -> Verdict | None:
    """None for what this run did not measure."""
    median = samples.median(line.name)
    base = samples.median(line.against) if line.against else None
    if median is None:
        return None
    ratio = median / base if base else None
    measured, target = (median, line.limit) if line.limit is not None else (ratio, line.times)
    met = measured <= target if measured is not None and target is not None else None
    return Verdict(line.name, median, line.unit, line.against, ratio, target, met)
