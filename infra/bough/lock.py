"""One command at a time on one environment; the next one waits and says for whom.

The lock is the kernel's: it ends with the process that holds it, so a dead owner never blocks and
a living one is never robbed.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from bough import user
from bough_components.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bough_components.local.home import Home


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who holds a lock, doing what, since when (ISO 8601, UTC)."""

    who: str
    what: str
    since: str

    @classmethod
    def me(cls, what: str) -> Owner:
        who = f"{user.name()}@{socket.gethostname()} (process {os.getpid()})"
        return cls(who=who, what=what, since=datetime.now(UTC).isoformat(timespec="seconds"))


@contextmanager
def held(
    home: Home, name: str, what: str, report: Callable[[str], None], patience: float = 3600
) -> Iterator[None]:
    """Hold the lock of an environment, or of the platform, while doing `what`.

    `report` hears for whom this waits. Raises `BusyError` after `patience` seconds.
    """
    lock = FileLock(home.folder("locks") / f"{name}.lock")
    note = home.folder("locks") / f"{name}.json"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        owner = _owner(note)
        report(f"waiting for {owner.who}: {owner.what} since {owner.since}")
        _wait(lock, note, patience)
    try:
        note.write_text(json.dumps(asdict(Owner.me(what))))
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _wait(lock: FileLock, note: Path, patience: float) -> None:
    try:
        lock.acquire(timeout=patience, poll_interval=0.1)
    except Timeout:
        owner = _owner(note)
        raise BusyError(
            owner.who, owner.what, datetime.fromisoformat(owner.since), "try again when it is done"
        ) from None


def _owner(note: Path) -> Owner:
    try:
        return Owner(**json.loads(note.read_text()))
    except (FileNotFoundError, ValueError):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Owner(who="another process", what="something", since=now)
