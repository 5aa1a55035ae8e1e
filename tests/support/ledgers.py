"""A ledger in a file, for what needs one and no platform; it outlives its process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class FileLedger:
    path: Path

    def entries(self) -> Iterator[dict[str, Any]]:
        if self.path.exists():
            for line in self.path.read_text().splitlines():
                yield json.loads(line)

    def record(self, event: str, **facts: Any) -> None:
        at = facts.pop("at", None) or datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = {"at": at, "who": "ada", "event": event, **facts}
        with self.path.open("a") as file:
            file.write(json.dumps(entry) + "\n")

    def of(self, *words: str) -> list[dict[str, Any]]:
        """The entries with these words, oldest first."""
        return [entry for entry in self.entries() if entry["event"] in words]
