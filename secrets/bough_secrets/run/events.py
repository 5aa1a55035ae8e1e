"""What the main thread of bough-run hears of; anything may tell it, a signal handler too."""

from __future__ import annotations

import queue
import signal
from dataclasses import dataclass

from bough_secrets.run.plan import Consequences

FORWARDED = (
    signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM,
    signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH,
)  # fmt: skip
ENDING = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
ROTATE = signal.SIGRTMIN


@dataclass(frozen=True)
class Signalled:
    number: int


@dataclass(frozen=True)
class Changed:
    consequences: Consequences


@dataclass(frozen=True)
class Ended:
    """The program is gone; `status` as a shell tells it."""

    status: int


Event = Signalled | Changed | Ended
Events = queue.SimpleQueue[Event]  # its `put` is reentrant, so that a handler may call it


def listen(events: Events) -> None:
    """From here on signals are events."""
    for number in (*FORWARDED, ROTATE):
        signal.signal(number, lambda number, _frame: events.put(Signalled(number)))
