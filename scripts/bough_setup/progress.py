"""Shows what runs, for how long, and something real about how far it is."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

TTY_SECONDS = 1.0
LINE_SECONDS = 15.0
ERASE = "\r\x1b[2K"
WIDTH = 110


def spell(seconds: float) -> str:
    """`0.04` → `0.0 s`, `75` → `1 m 15 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} m {rest:02d} s"


class Progress:
    """One step: a line that is rewritten on a terminal, a line now and then elsewhere."""

    def __init__(
        self,
        name: str,
        stream: TextIO | None = None,
        tty_seconds: float = TTY_SECONDS,
        line_seconds: float = LINE_SECONDS,
    ) -> None:
        self.name = name
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self.interval = tty_seconds if self.live else line_seconds
        self.began = time.monotonic()
        self._detail = ""
        self._over = threading.Event()

    def say(self, detail: str) -> None:
        """What the next beat shows; cheap enough to be called for every line of output."""
        self._detail = detail

    def finish(self, result: str) -> None:
        self._write(f"{result}  ({self.elapsed})", end="\n")

    @property
    def elapsed(self) -> str:
        return spell(time.monotonic() - self.began)

    @contextmanager
    def beating(self) -> Iterator[None]:
        heart = threading.Thread(target=self._beat, daemon=True)
        heart.start()
        try:
            yield
        finally:
            self._over.set()
            heart.join()

    def _beat(self) -> None:
        while not self._over.wait(self.interval):
            self._write(f"… {self._detail}  ({self.elapsed})", end="" if self.live else "\n")

    def _write(self, text: str, end: str) -> None:
        line = f"  {self.name:<24}{text}"
        self.stream.write((ERASE + line[:WIDTH] if self.live else line) + end)
        self.stream.flush()
