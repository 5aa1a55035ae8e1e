"""Checks that passed, by their coverage."""

import pytest
from tests.unit.bough.gates.test_coverage import COVERAGE_PY

from bough.gates.checks import enough
from bough.gates.verdict import passed

RAN = passed("pytest ended well", log=["100 passed"])


@pytest.mark.parametrize(
    ("wanted", "result", "why"),
    [
        (80, "PASS", "pytest ended well; 81.50 % of the lines"),
        (81.5, "PASS", "pytest ended well; 81.50 % of the lines"),
        (82, "FAIL", "the tests run 81.50 % of the lines, and 82 % is asked for"),
    ],
)
def test_a_threshold(wanted: float, result: str, why: str) -> None:
    verdict = enough(RAN, COVERAGE_PY, wanted)
    assert (verdict.result, verdict.why) == (result, why)
    assert verdict.evidence == {
        "log": ["100 passed"],
        "coverage": {"lines": 200, "covered": 163, "per cent": 81.5},
        "wanted per cent": wanted,
    }


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (None, "a coverage of 80 % is asked for, and no coverage.xml was written"),
        ("garbage", "coverage.xml is of no use: it is no sound XML"),
    ],
)
def test_no_figure_never_passes(report: str | None, why: str) -> None:
    verdict = enough(RAN, report, 80)
    assert verdict.result == "INCONCLUSIVE"
    assert verdict.why.startswith(why)
