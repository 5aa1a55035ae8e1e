"""The application's own code checks and unit tests, inside the image that was built."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bough.gates import coverage, exits
from bough.gates.interface import Claim, TimeUp
from bough.gates.verdict import Verdict, failed, inconclusive
from bough_components.local import containers, delivery, oneoff

if TYPE_CHECKING:
    from pathlib import Path

    from bough.gates.subject import Subject


@dataclass(frozen=True, kw_only=True)
class Checks:
    """`coverage` is the least share of lines, in per cent, that the tests must run."""

    name: str
    service: str
    command: tuple[str, ...]
    coverage: float | None = None
    timeout: float = 600
    kind: ClassVar[str] = "checks"
    claim: ClassVar[Claim] = "nothing"

    def run(self, subject: Subject) -> Verdict:
        image = subject.release.image(subject.home, self.service)
        with oneoff.begun(subject.home, image, self.command) as (container, reports):
            try:
                verdict = exits.judged(containers.ended(container), self.command[0])
            except TimeUp:
                return exits.too_late(container, self.command[0], self.timeout)
            facts = {**verdict.evidence, "image": image.partition("/")[2]}
            verdict = replace(verdict, evidence=facts)
            if self.coverage is None or not verdict.passed:
                return verdict
            return enough(verdict, _report(reports), self.coverage)


def _report(folder: Path) -> str | None:
    return delivery.read(folder, coverage.FILE, coverage.MOST + 1)


def enough(verdict: Verdict, report: str | None, wanted: float) -> Verdict:
    """The verdict of checks that passed, by what their report of coverage says besides."""
    if report is None:
        why = f"a coverage of {wanted:g} % is asked for, and no {coverage.FILE} was written"
        return inconclusive(f"{why} into ${oneoff.REPORTS}", **verdict.evidence)
    try:
        found = coverage.read(report)
    except coverage.UnreadableError as error:
        return inconclusive(f"{coverage.FILE} is of no use: {error}", **verdict.evidence)
    totals = {"lines": found.valid, "covered": found.covered, "per cent": round(found.percent, 2)}
    evidence = {**verdict.evidence, "coverage": totals, "wanted per cent": wanted}
    if found.percent < wanted:
        why = f"the tests run {found.percent:.2f} % of the lines, and {wanted:g} % is asked for"
        return failed(why, **evidence)
    return replace(
        verdict, why=f"{verdict.why}; {found.percent:.2f} % of the lines", evidence=evidence
    )
