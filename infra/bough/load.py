"""Requests, as many as an application takes, while something else happens to it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HELD = 1.0
"""Seconds after which an answer counts as held."""

CLIENTS = 8
_TIMEOUT = 30.0


@dataclass
class Load:
    """What came of the requests so far; `times` in seconds, of those that were answered 2xx.

    `gap` is the longest that there was no such answer, in seconds.
    """

    times: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    gap: float = 0.0
    _answered: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def sent(self) -> int:
        return len(self.times) + self.failed

    @property
    def failed(self) -> int:
        return sum(self.failures.values())

    @property
    def held(self) -> int:
        return sum(time > HELD for time in self.times)

    def percentile(self, share: float) -> float:
        """Seconds that this share of the answers took at most; 0 when there is none."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0

    def facts(self) -> dict[str, Any]:
        """For people and programs; times in milliseconds."""
        return {
            "sent": self.sent,
            "failed": self.failed,
            "held": self.held,
            "p50 ms": round(self.percentile(0.5) * 1000, 1),
            "p99 ms": round(self.percentile(0.99) * 1000, 1),
            "slowest ms": round(self.percentile(1) * 1000, 1),
            "gap ms": round(self.gap * 1000, 1),
            "failures": dict(self.failures),
        }

    def answered(self, seconds: float) -> None:
        with self._lock:
            self.times.append(seconds)
            now = time.monotonic()
            self.gap, self._answered = max(self.gap, now - self._answered), now

    def went_wrong(self, why: str) -> None:
        with self._lock:
            self.failures[why] = self.failures.get(why, 0) + 1


@contextmanager
def driven(host: str, port: int, path: str, clients: int = CLIENTS) -> Iterator[Load]:
    """Ask for `path` of `host` at this machine's edge, without pause, until the block ends.

    Nothing is sent twice: a request that fails is a failure.
    """
    import urllib3

    load, stop = Load(), threading.Event()
    pool = urllib3.HTTPConnectionPool("127.0.0.1", port, maxsize=clients, block=False)

    def client() -> None:
        headers = {"Host": f"{host}:{port}"}
        while not stop.is_set():
            began = time.monotonic()
            try:
                answer = pool.request(
                    "GET", path, headers=headers, retries=False, timeout=_TIMEOUT, redirect=False
                )
            except urllib3.exceptions.HTTPError as error:
                load.went_wrong(type(error).__name__)
                continue
            if answer.status < 300:
                load.answered(time.monotonic() - began)
            else:
                load.went_wrong(f"HTTP {answer.status}")

    threads = [threading.Thread(target=client, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join(_TIMEOUT)
        pool.close()
