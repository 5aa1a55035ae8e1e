"""The environment's own credentials, tried on the platform and on its neighbours."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bough.gates.interface import Claim
from bough.gates.verdict import failed, inconclusive, passed
from bough_components.local.isolation.verdicts import OWN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bough.gates.subject import Subject
    from bough.gates.verdict import Verdict
    from bough_components.local.isolation.verdicts import Verdict as Attempt

_AGAIN = 2


@dataclass(frozen=True, kw_only=True)
class Isolation:
    name: str
    timeout: float = 300
    kind: ClassVar[str] = "isolation"
    claim: ClassVar[Claim] = "nothing"

    def run(self, subject: Subject) -> Verdict:
        from bough_components.local.isolation_gate import attempts

        return patiently(lambda: judged(attempts(subject.home, subject.environment)))


def patiently(ask: Callable[[], Verdict]) -> Verdict:
    """The first verdict that says something: on a busy machine a door that must open may be slow.
    One that opened and must not have is never tried away."""
    verdict = ask()
    for _ in range(_AGAIN):
        if verdict.result != "INCONCLUSIVE":
            break
        verdict = ask()
    return verdict


def judged(attempts: Collection[Attempt]) -> Verdict:
    """What opened that is not the environment's own fails it; where its own did not open, nothing
    was really tried."""
    facts = {
        "attempts": dict(Counter(each.engine for each in attempts)),
        "tried on": sorted({each.of for each in attempts}),
    }
    opened = [each for each in attempts if each.of != OWN and not each.passed]
    shut = [each for each in attempts if each.of == OWN and not each.passed]
    if opened:
        return failed(f"{len(opened)} doors opened", opened=_lines(opened), **facts)
    if shut:
        why = f"{len(shut)} of its own doors did not open, so nothing was tried there"
        return inconclusive(why, shut=_lines(shut), **facts)
    if not any(each.of != OWN for each in attempts):
        return inconclusive("nothing was tried", **facts)
    return passed(f"{len(attempts)} attempts, nothing opened but its own", **facts)


def _lines(attempts: Collection[Attempt]) -> list[str]:
    return [f"{each.engine}, {each.of}: {each.what} ({each.answer})" for each in attempts]
