"""Entries that are on this machine's disk and not in the ledger yet: one file each."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from bough.ledger.entries import Entry
from bough_components.local.home import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from bough_components.local.home import Home


def leave(home: Home, entry: Entry) -> None:
    """Have an entry wait; on disk on return."""
    path = _folder(home) / f"{time.time_ns():020}-{entry.id}.json"
    write_private(path, json.dumps(asdict(entry)))


def waiting(home: Home) -> dict[Path, Entry]:
    """Whatever waits, oldest first; empty where nothing ever did."""
    paths = sorted((home.root / "ledger" / "waiting").glob("*.json"))
    found = {}
    for path in paths:
        try:
            found[path] = Entry(**json.loads(path.read_text()))
        except FileNotFoundError:
            # somebody else has just added it
            continue
    return found


def _folder(home: Home) -> Path:
    return home.folder("ledger/waiting")
