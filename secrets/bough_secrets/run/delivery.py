"""Keeping the files as they should be, on a thread of its own."""

from __future__ import annotations

import logging
import subprocess
import threading
import time

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from bough_secrets.errors import BoughSecretsError
from bough_secrets.retry import Backoff
from bough_secrets.run.answers import Answers, NobodyHealthyError
from bough_secrets.run.events import Changed, Events
from bough_secrets.run.files import File, Files
from bough_secrets.run.plan import Consequences, Plan, consequences
from bough_secrets.run.settings import Settings, Words
from bough_secrets.session import Session

log = logging.getLogger("bough_secrets.run")

PATIENCE = 30.0  # seconds
COMMAND_TIMEOUT = 30.0  # seconds
AFTER_A_BUG = 30.0


class Delivery:
    """Writes the files once, then again after every change, and tells what follows from it."""

    def __init__(
        self, session: Session, files: Files, plan: Plan, settings: Settings, events: Events
    ) -> None:
        self._session, self._files, self._plan, self._settings = session, files, plan, settings
        self._events = events
        self._changed = threading.Event()
        self._backoff = Backoff()

    def first(self) -> None:
        """Write all files; wait a while for neighbours that start just now.

        Raises BoughSecretsError.
        """
        Retrying(
            retry=retry_if_exception_type(NobodyHealthyError),
            stop=stop_after_delay(PATIENCE), wait=wait_fixed(0.5), reraise=True,
        )(self._all)  # fmt: skip
        threading.Thread(target=self._run, name="bough-run-files", daemon=True).start()

    def _run(self) -> None:
        pause = self._settings.refresh
        while True:
            if self._changed.wait(pause):
                time.sleep(self._settings.settle)
            self._changed.clear()
            pause = self._again()

    def _again(self) -> float:
        """Write what has changed; return the seconds until the next time."""
        try:
            changed, problem = self._write()
        except Exception:  # a bug here must not stop what keeps the accounts alive
            log.exception("the files were not written; tried again in %.0f s", AFTER_A_BUG)
            return AFTER_A_BUG
        self._act(consequences(changed))
        if problem:
            pause = self._backoff.pause()
            log.warning("a file stays as it is, again in %.1f s: %s", pause, problem)
            return pause
        self._backoff.reset()
        return self._settings.refresh

    def _act(self, follows: Consequences) -> None:
        for command in follows.commands:
            _run_command(command)
        if follows.restart or follows.signals:
            self._events.put(Changed(follows))

    def _all(self) -> None:
        _, problem = self._write()
        if problem:
            raise problem

    def _write(self) -> tuple[list[File], BoughSecretsError | None]:
        """Write all files that can be made; return those that changed, and why not all."""
        answers = Answers(self._session, self._changed.set)
        wanted: list[File] = []
        problem: BoughSecretsError | None = None
        for part in self._plan:
            try:
                wanted += part(answers)
            except BoughSecretsError as error:
                problem = error
        try:
            return self._files.write(wanted, complete=not problem), problem
        except BoughSecretsError as error:
            return [], error


def _run_command(command: Words) -> None:
    try:
        done = subprocess.run(command, timeout=COMMAND_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("%s after a change failed: %s", command[0], type(error).__name__)
        return
    if done.returncode:
        log.error("%s after a change ended with exit status %d", command[0], done.returncode)
