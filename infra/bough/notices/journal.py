"""How often each notice was tried, on this machine's disk.

What was delivered is in the ledger. Losing this file only costs the pauses between tries.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bough.notices.patience import LONGEST
from bough_components.local.home import write_private

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from bough_components.local.home import Home


@dataclass(frozen=True)
class Tried:
    """`next` in seconds since 1970; `why` it did not arrive yet."""

    tries: int = 0
    next: float = 0.0
    why: str = "not tried yet"

    def waits(self, now: float) -> bool:
        """Whether its next try is still to come; none is years away, so the clock was set back."""
        return now < self.next <= now + 2 * LONGEST


@dataclass(frozen=True)
class Journal:
    path: Path

    @classmethod
    def of(cls, home: Home) -> Journal:
        return cls(home.folder("cache") / "notices.json")

    def read(self) -> dict[str, Tried]:
        """By delivery; nothing where the file is missing or no file of ours."""
        try:
            found = json.loads(self.path.read_text())
            return {name: Tried(**facts) for name, facts in found.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def write(self, name: str, tried: Tried) -> None:
        """On disk on return."""
        self._write({**self.read(), name: tried})

    def keep(self, names: Collection[str]) -> None:
        """Forget all but these."""
        found = self.read()
        kept = {name: tried for name, tried in found.items() if name in names}
        if kept != found:
            self._write(kept)

    def _write(self, found: dict[str, Tried]) -> None:
        write_private(self.path, json.dumps({name: asdict(each) for name, each in found.items()}))
