"""The program that bough-run is there for."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

from bough_secrets.run.events import Ended, Events

CANNOT_RUN, NOT_FOUND = 126, 127


class Child:
    """One run of the program, in a process group of its own; its end is an event.

    Exits with 127 when there is no such program and with 126 when it cannot be run.
    """

    def __init__(self, command: Sequence[str], events: Events) -> None:
        try:
            self._process = subprocess.Popen(command, process_group=0)
        except OSError as error:
            print(f"bough-run: cannot run {command[0]} ({error.strerror})", file=sys.stderr)
            sys.exit(NOT_FOUND if isinstance(error, FileNotFoundError) else CANNOT_RUN)
        self._events = events
        threading.Thread(target=self._wait, name="bough-run-child", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, number: int) -> None:
        """Signal the program itself, as an engine signals what it runs in a container.

        Not its group: a HUP that a server is meant to get would end the server's workers.
        """
        self._process.send_signal(number)

    def kill(self) -> None:
        """End the program and all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def _wait(self) -> None:
        code = self._process.wait()
        # What it left behind would keep its ports from the next run.
        self.kill()
        self._events.put(Ended(128 - code if code < 0 else code))
