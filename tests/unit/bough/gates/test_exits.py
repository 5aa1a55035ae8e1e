"""What the end of a program says of a release."""

import pytest

from bough.gates.exits import judged
from bough_components.local.containers import Ended


@pytest.mark.parametrize(
    ("status", "result", "why"),
    [
        (0, "PASS", "pytest ended well"),
        (1, "FAIL", "pytest failed with exit status 1"),
        (5, "FAIL", "pytest failed with exit status 5"),
        (126, "INCONCLUSIVE", "pytest could not be executed"),
        (127, "INCONCLUSIVE", "pytest was not found"),
        (137, "INCONCLUSIVE", "pytest was ended by signal 9"),
        (139, "INCONCLUSIVE", "pytest was ended by signal 11"),
        (-15, "INCONCLUSIVE", "pytest was ended by signal 15"),
    ],
)
def test_only_what_a_program_chose_to_say_counts(status: int, result: str, why: str) -> None:
    verdict = judged(Ended(status, False, ("a line",)), "pytest")
    assert (verdict.result, verdict.why) == (result, why)
    assert verdict.evidence == {"exit status": status, "log": ["a line"]}


@pytest.mark.parametrize("status", [0, 1, 137])
def test_without_memory_nothing_was_said(status: int) -> None:
    verdict = judged(Ended(status, True, ()), "pytest")
    assert (verdict.result, verdict.why) == ("INCONCLUSIVE", "pytest ran out of memory")


def test_a_log_is_scrubbed() -> None:
    verdict = judged(Ended(1, False, ("token=hvs.CAESIJ7yWq3n4m5v6b7c8",)), "x")
    assert verdict.evidence["log"] == ["token=***"]
