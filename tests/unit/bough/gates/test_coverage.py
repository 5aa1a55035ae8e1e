"""Reports of coverage: sound ones, and those that must not open anything."""

import pytest

from bough.gates import coverage

COVERAGE_PY = """<?xml version="1.0" ?>
<coverage version="7.6.1" timestamp="1763700000000" lines-valid="200" lines-covered="163"
 line-rate="0.815" branches-covered="0" branches-valid="0" branch-rate="0" complexity="0">
<packages><package name="notes" line-rate="0.815"/></packages></coverage>
"""
COBERTURA = """<?xml version="1.0"?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage lines-valid="3" lines-covered="3" line-rate="1"><packages/></coverage>
"""
TOTALS = '<coverage lines-valid="{}" lines-covered="{}"/>'
BOMB = """<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<coverage lines-valid="1" lines-covered="1">&b;</coverage>
"""
FILE = """<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<coverage lines-valid="1" lines-covered="1">&a;</coverage>
"""


def test_the_totals_of_a_report() -> None:
    found = coverage.read(COVERAGE_PY)
    assert (found.valid, found.covered, found.percent) == (200, 163, 81.5)
    assert coverage.read(COBERTURA).percent == 100


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is no sound XML"),
        ("100 %", "it is no sound XML"),
        (COVERAGE_PY[:200], "it is no sound XML"),
        (BOMB, "it is no sound XML"),
        (FILE, "it is no sound XML"),
        ("<coverage line-rate='1'/>", "it has no lines-valid"),
        (TOTALS.format(0, 0), "it is about no line at all"),
        (TOTALS.format(-1, -1), "it is about no line at all"),
        (TOTALS.format(10, 11), "it says that 11 of 10 lines were run"),
        (TOTALS.format(10, -1), "it says that -1 of 10 lines were run"),
        (TOTALS.format("nan", 1), "its totals are no whole numbers"),
        (TOTALS.format("1e3", 1), "its totals are no whole numbers"),
    ],
)
def test_what_is_no_report(text: str, why: str) -> None:
    with pytest.raises(coverage.UnreadableError, match=why):
        coverage.read(text)
