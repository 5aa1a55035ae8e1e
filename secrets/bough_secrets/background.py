"""The one background thread of a session."""

from __future__ import annotations

import threading
from collections.abc import Callable

from bough_secrets.clock import now
from bough_secrets.events import tell

Task = Callable[[], float | None]
AFTER_A_BUG = 30.0
LONGEST_SLEEP = 5.0  # seconds: how late a task may be after the machine itself has slept


class Background:
    """Runs tasks, each at its own time, one after another, by a monotonic clock.

    A task returns the seconds until it wants to run again, or None when it is done.
    """

    def __init__(self, clock: Callable[[], float] = now) -> None:
        self._clock = clock
        self._due: dict[Task, float] = {}
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="bough-secrets", daemon=True)
        self._thread.start()

    def schedule(self, task: Task, delay: float) -> None:
        """Run `task` after `delay` seconds, instead of when it was due before."""
        with self._changed:
            self._due[task] = self._clock() + delay
            self._changed.notify()

    def stop(self, timeout: float = 5.0) -> None:
        """Start no further task; wait up to `timeout` seconds for the running one."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _run(self) -> None:
        while (task := self._next()) is not None:
            delay = _attempt(task)
            with self._changed:
                # A task that was hurried while it ran keeps the earlier time.
                if delay is not None and task not in self._due:
                    self._due[task] = self._clock() + delay

    def _next(self) -> Task | None:
        with self._changed:
            while not self._stopped:
                task = min(self._due, key=self._due.__getitem__, default=None)
                wait = None if task is None else self._due[task] - self._clock()
                if task is not None and wait is not None and wait <= 0:
                    del self._due[task]
                    return task
                # A wait does not see the machine sleep; the clock does.
                self._changed.wait(None if wait is None else min(wait, LONGEST_SLEEP))
            return None


def _attempt(task: Task) -> float | None:
    try:
        return task()
    except Exception:  # a bug in one task must not stop the renewal of everything else
        tell("background.bug", seconds=AFTER_A_BUG)
        return AFTER_A_BUG
