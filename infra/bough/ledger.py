"""The record of what happened on a platform: one JSON object a line, only ever added to."""

from __future__ import annotations

import getpass
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough_components.local.home import Home

FILE = "ledger.jsonl"


def record(home: Home, event: str, **facts: Any) -> None:
    """Add an event, with the time (ISO 8601, UTC) and who it was; on disk on return. No secrets."""
    when = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"at": when, "who": getpass.getuser(), "event": event, **facts}) + "\n"
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    descriptor = os.open(home.folder("logs") / FILE, flags, 0o600)
    try:
        # one write: lines of several processes do not mix
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def events(home: Home) -> Iterator[dict[str, Any]]:
    """Every event, oldest first; a line that a full disk cut short is left out."""
    try:
        with (home.root / "logs" / FILE).open() as lines:
            for line in lines:
                try:
                    yield json.loads(line)
                except ValueError:
                    continue
    except FileNotFoundError:
        return


def known(home: Home, event: str, **facts: Any) -> bool:
    """Whether such an event was recorded."""
    wanted = {"event": event, **facts}
    return any(wanted.items() <= entry.items() for entry in events(home))
