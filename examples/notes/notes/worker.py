"""`python -m notes.worker`: counts the words of new notes until SIGTERM."""

from __future__ import annotations

import logging
import signal
import threading

import psycopg

from bough_secrets import Session
from notes.counting import count_some
from notes.program import run
from notes.store import Connections

log = logging.getLogger("notes.worker")

PAUSE = 0.5  # seconds between two looks when there was nothing to do


class Worker:
    """Looks for work until it is told to stop; finishes what it has begun."""

    def __init__(self, database: Connections) -> None:
        self._database = database
        self._stop = threading.Event()

    def stop(self, *_signal: object) -> None:
        self._stop.set()

    def work(self) -> None:
        while not self._stop.is_set():
            if not self._look():
                self._stop.wait(PAUSE)

    def _look(self) -> int:
        try:
            counted = count_some(self._database)
        except psycopg.OperationalError as error:
            log.warning("database away, trying again: %s", error)
            return 0
        if counted:
            log.info("notes counted", extra={"notes": counted})
        return counted


def work(session: Session) -> None:
    worker = Worker(session.database("db", max_size=2))
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    log.info("started")
    worker.work()
    log.info("stopped")


if __name__ == "__main__":
    run(work)
