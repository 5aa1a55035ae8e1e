"""Runs a long command: every line is looked at, the last ones are kept for when it fails."""

import os
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bough.requirements.errors import RequirementError

LINES_KEPT = 15
SECONDS_TO_STOP = 10


def ignore(_line: str) -> None:
    """For commands that are quick or say nothing worth showing."""


def run(
    command: Sequence[str | Path],
    *,
    watch: Callable[[str], None] = ignore,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Raises RequirementError with the last lines when the command fails."""
    last: deque[str] = deque(maxlen=LINES_KEPT)
    with _start(command, folder, environment) as child:
        try:
            for line in child.stdout or ():
                last.append(line.rstrip())
                watch(line.rstrip())
            child.wait()
        except BaseException:
            stop(child)
            raise
    if child.returncode:
        message = _failure(command, child.returncode, last)
        raise RequirementError(message, "mend that, then run this again")


def _start(
    command: Sequence[str | Path], folder: Path | None, environment: Mapping[str, str] | None
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        errors="replace",
        # A group of its own, so that an interruption also ends what the command has started.
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def stop(child: subprocess.Popen[str]) -> None:
    """Ends a command and everything that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _failure(command: Sequence[str | Path], status: int, last: deque[str]) -> str:
    shown = " ".join(str(part) for part in command)
    return "\n".join([f"`{shown}` failed ({status}):", *(f"    {line}" for line in last)])
