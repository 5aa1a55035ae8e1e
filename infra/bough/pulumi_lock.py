"""Pulumi's own lock on a stack: a dead owner's is removed, a living one's is waited for."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough_components.local.home import Home

_POLL = 0.2


def wait(home: Home, stack: str, report: Callable[[str], None], patience: float = 600) -> None:
    """Return when no living process holds the stack; `BusyError` after `patience` seconds."""
    deadline, said = time.monotonic() + patience, False
    while owner := _living_owner(home, stack):
        who = f"{owner['username']}@{owner['hostname']} (process {owner['pid']})"
        if time.monotonic() > deadline:
            raise _busy(who, stack, owner["timestamp"])
        if not said:
            report(f"waiting for {who}: pulumi works on {stack} since {owner['timestamp'][:19]}")
            said = True
        time.sleep(_POLL)


def _living_owner(home: Home, stack: str) -> dict[str, Any] | None:
    for path in _locks(home, stack):
        try:
            owner: dict[str, Any] = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            continue
        if _alive(owner["pid"]):
            return owner
        path.unlink(missing_ok=True)
    return None


def _locks(home: Home, stack: str) -> list[Path]:
    folder = home.root / "pulumi/state/.pulumi/locks/organization" / names.PROJECT / stack
    return sorted(folder.glob("*.json"))


def _alive(pid: int) -> bool:
    """Whether that process is a Pulumi: after a reboot its number may be anybody's."""
    try:
        return "pulumi" in Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return False


def _busy(who: str, stack: str, since: str) -> BusyError:
    begun = datetime.fromisoformat(since)
    return BusyError(who, f"stack {stack}", begun, "try again when it is done")
