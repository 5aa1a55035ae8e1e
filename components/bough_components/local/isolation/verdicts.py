"""What was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Door:
    """Something to try. `of` is the environment it belongs to, "platform", or "itself": only what
    is the environment's own may open."""

    engine: str
    of: str
    what: str
    knock: Callable[[], tuple[bool, str]]
    """Tries it: whether it opened, and the engine's answer in short."""

    def tried(self) -> Verdict:
        opened, answer = self.knock()
        return Verdict(engine=self.engine, of=self.of, what=self.what, opened=opened, answer=answer)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    engine: str
    of: str
    what: str
    opened: bool
    answer: str

    @property
    def passed(self) -> bool:
        """It opened, and is the environment's own; or it did not, and is not."""
        return self.opened == (self.of == OWN)


OWN = "itself"
PLATFORM = "platform"
