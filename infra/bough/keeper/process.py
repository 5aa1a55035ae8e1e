"""Starting, finding and ending the keeper of a platform."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from bough_components.errors import BoughError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough_components.local.home import Home

_PATIENCE = 15.0


@dataclass(frozen=True)
class Running:
    """A keeper that lives: its process, and the code that it runs."""

    pid: int
    code: str


def ensure(home: Home) -> None:
    """Have a keeper of today's code run."""
    found = running(home)
    if found and found.code == _code():
        return
    stop(home)
    # one that was killed left its name, and the next one must not be taken for it
    _note(home).unlink(missing_ok=True)
    with (home.folder("logs") / "keeper.out").open("w") as output:
        subprocess.run(
            [sys.executable, "-m", "bough", "keeper", "run", "--detached"],
            cwd="/",
            env={**os.environ, "BOUGH_HOME": str(home.root)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=True,
        )
    _wait(home, there=True)


def running(home: Home) -> Running | None:
    """The keeper of this platform, or None."""
    try:
        with _lock(home).acquire(timeout=0):
            return None
    except Timeout:
        with contextlib.suppress(FileNotFoundError, ValueError):
            return Running(**json.loads(_note(home).read_text()))
        # it has just begun, or is about to end
        return Running(0, "")


def stop(home: Home) -> None:
    """End the keeper; none there is success."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        found = running(home)
        if found is None:
            return
        if found.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, number)
        if _wait(home, there=False):
            return
    raise BoughError("the keeper does not end", f"see {home.root}/logs/keeper.log")


@contextlib.contextmanager
def being(home: Home) -> Iterator[bool]:
    """Be the keeper in this process; False when another one is."""
    try:
        # whoever asks whether a keeper runs holds the lock for a moment
        held = _lock(home).acquire(timeout=2, poll_interval=0.01)
    except Timeout:
        yield False
        return
    with held:
        _note(home).write_text(json.dumps(asdict(Running(os.getpid(), _code()))))
        try:
            yield True
        finally:
            _note(home).unlink(missing_ok=True)


def _wait(home: Home, *, there: bool) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while _told(home) is not there:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _told(home: Home) -> bool | None:
    """Whether one runs; None while it has the lock and has not said who it is."""
    found = running(home)
    return bool(found) if found is None or found.pid else None


def _lock(home: Home) -> FileLock:
    return FileLock(home.folder("locks") / "keeper.lock")


def _note(home: Home) -> Path:
    return home.folder("locks") / "keeper.json"


@cache
def _code() -> str:
    """Changes whenever bough does: its newest source, and the Python that runs it."""
    import bough
    import bough_components

    roots = [Path(bough.__file__).parent, Path(bough_components.__file__).parent]
    newest = max(path.stat().st_mtime_ns for root in roots for path in root.rglob("*.py"))
    return f"{newest} {sys.executable}"
