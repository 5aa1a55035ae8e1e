"""What a gate says of a release, and that no data is never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Result = Literal["PASS", "FAIL", "INCONCLUSIVE"]


@dataclass(frozen=True)
class Verdict:
    """`why` is one sentence for people; `evidence` is data for JSON, without a secret."""

    result: Result
    why: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.result == "PASS"


def passed(why: str, **evidence: Any) -> Verdict:
    return Verdict("PASS", why, evidence)


def failed(why: str, **evidence: Any) -> Verdict:
    return Verdict("FAIL", why, evidence)


def inconclusive(why: str, **evidence: Any) -> Verdict:
    """Neither good nor bad: it stops the release and asks a person."""
    return Verdict("INCONCLUSIVE", why, evidence)


def sound(verdict: object) -> Verdict:
    """The verdict when it is one; a pass without evidence is none."""
    if not isinstance(verdict, Verdict) or verdict.result not in get_args(Result):
        return inconclusive(f"it gave no verdict but {type(verdict).__name__}")
    if verdict.passed and not verdict.evidence:
        return inconclusive("it passed the release without any evidence")
    return verdict
