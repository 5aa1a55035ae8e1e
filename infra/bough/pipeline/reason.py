"""What speaks against a promotion, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Rule = Literal[
    "line",
    "hold",
    "rejection",
    "upstream",
    "soak",
    "window",
    "approvals",
    "schema",
    "rollback",
    "canary",
]


@dataclass(frozen=True)
class Reason:
    """`what` and `step` together are a sentence, without its full stop."""

    rule: Rule
    what: str
    step: str

    def __str__(self) -> str:
        return f"{self.what}; {self.step}"


@dataclass(frozen=True)
class Decision:
    """Allowed when no rule says no."""

    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.reasons

    @property
    def rules(self) -> list[str]:
        """Those that say no: what has to be written down of who breaks the glass."""
        return sorted({reason.rule for reason in self.reasons})

    @property
    def sentences(self) -> list[str]:
        return [str(reason) for reason in self.reasons]
