"""The program's life: started, signalled, restarted, waited for."""

from __future__ import annotations

import logging
import queue
import signal
import time
from collections.abc import Callable, Sequence

from bough_secrets.run.child import Child
from bough_secrets.run.events import ENDING, ROTATE, Changed, Ended, Events, Signalled
from bough_secrets.run.plan import Consequences
from bough_secrets.run.settings import Stop

log = logging.getLogger("bough_secrets.run")


class Supervisor:
    """Acts on events, one after another, on the main thread; `asked` to end, or not yet."""

    def __init__(
        self, command: Sequence[str], stop: Stop, events: Events, rotate: Callable[[], None]
    ) -> None:
        self._command, self._stop, self._events, self._rotate = command, stop, events, rotate
        self._child = Child(command, events)
        self._restarting = False
        self._deadline: float | None = None
        self.asked = False

    def run(self) -> int:
        """Return the program's exit status, 128 + n for signal n, once it ends for good."""
        while True:
            match self._next():
                case None:
                    log.warning("not ended within %.0f s: killed", self._stop.timeout)
                    self._deadline = None
                    self._child.kill()
                case Signalled(number):
                    self._signalled(number)
                case Changed(consequences):
                    self._changed(consequences)
                case Ended(status):
                    if not self._restarting or self.asked:
                        return status
                    self._start()

    def _next(self) -> Signalled | Changed | Ended | None:
        left = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
        try:
            return self._events.get(timeout=left)
        except queue.Empty:
            return None

    def _signalled(self, number: int) -> None:
        if number == ROTATE:
            self._rotate()
            return
        self.asked = self.asked or number in ENDING
        self._child.send(number)

    def _changed(self, consequences: Consequences) -> None:
        if self.asked or self._restarting:
            return  # whatever starts next reads the new files
        if consequences.restart:
            log.info("files changed: restarting the program")
            self._restarting, self._deadline = True, time.monotonic() + self._stop.timeout
            self._child.send(_number(self._stop.signal))
        for name in consequences.signals:
            log.info("files changed: sending %s", name)
            self._child.send(_number(name))

    def _start(self) -> None:
        self._restarting, self._deadline = False, None
        self._child = Child(self._command, self._events)


def _number(name: str) -> int:
    return signal.Signals[f"SIG{name}"]
