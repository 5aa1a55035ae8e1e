from typing import Any

import pytest
from tests.unit.bough.notices.history import COMMIT, RELEASE, deployed, entry, wanted

from bough.notices.notice import of_entry


def test_a_deployment() -> None:
    notice = of_entry(deployed())
    assert notice
    assert (notice.event, notice.stage, notice.release) == ("deployed", "production", RELEASE)
    assert (notice.seconds, notice.who, notice.version) == (12.4, "ada", "notes@4fd2c1a09b7e")


def test_a_branch_s_environment_is_of_no_stage() -> None:
    notice = of_entry(entry("deployed", environment="main", branch="main", commit=COMMIT))
    assert notice
    assert (notice.stage, notice.version) == ("branch", "notes@91ab33c0de00")


@pytest.mark.parametrize(
    ("event", "facts", "told", "why"),
    [
        ("deployed", {"rollback": True}, "rolled back", None),
        ("deployed", {"rollback": False}, "deployed", None),
        ("deployment failed", {"why": "web-1 died"}, "deployment failed", "web-1 died"),
        ("rejected", {"why": "too late"}, "promotion blocked", "rejected: too late"),
        ("held", {"why": "a leak"}, "promotion blocked", "held: a leak"),
        ("line stopped", {"why": "no"}, "promotion blocked", "line stopped: no"),
        ("broke glass", {"why": "fire"}, "broke glass", "broke glass: fire"),
        (
            "gate",
            {"gate": "unit", "verdict": "FAIL", "why": "2 failed"},
            "promotion blocked",
            "gate unit: FAIL: 2 failed",
        ),
        (
            "gate",
            {"gate": "unit", "verdict": "INCONCLUSIVE"},
            "promotion blocked",
            "gate unit: INCONCLUSIVE",
        ),
    ],
)
def test_what_is_worth_a_notice(
    event: str, facts: dict[str, Any], told: str, why: str | None
) -> None:
    notice = of_entry(entry(event, stage="production", **facts))
    assert notice
    assert (notice.event, notice.why) == (told, why)


@pytest.mark.parametrize(
    "nothing",
    [
        entry("gate", gate="unit", verdict="PASS"),
        entry("approved", release=RELEASE),
        entry("rejected", release=RELEASE, stage="production", withdrawn=True),
        entry("noticed", notice="0" * 32),
        entry("rotated"),
        {**deployed(), "application": None},
    ],
)
def test_what_is_not(nothing: dict[str, object]) -> None:
    assert of_entry(nothing) is None


def test_reasons_stay_short_and_on_their_line() -> None:
    notice = of_entry(entry("deployment failed", why="a\t\x1b[2J b" + "x" * 900))
    assert notice
    assert notice.why
    assert notice.why.startswith("a [2J bxxx")
    assert len(notice.why) == 500


def test_what_an_instance_logged_goes_nowhere() -> None:
    why = "web-1 was not ready within 60 s:\n  password=s3cr3t\nsee `bough logs`."
    notice = of_entry(entry("deployment failed", why=why))
    assert notice
    assert notice.why == "web-1 was not ready within 60 s"


def test_an_approval_is_asked_for_with_the_command() -> None:
    notice = of_entry(wanted())
    assert notice
    assert (notice.event, notice.stage, notice.release, notice.commit) == (
        *("approval wanted", "production", RELEASE, COMMIT),
    )
    assert notice.why == (
        "0 of 2 people approved it; `bough approve 4fd2c1a09b7e production`, by one of bo@x.org,"
        " cy@x.org"
    )


def test_however_many_may_the_command_is_whole() -> None:
    notice = of_entry(wanted(may="one of " + ", ".join(f"{n}@x.org" for n in range(200))))
    assert notice
    assert notice.why
    assert "`bough approve 4fd2c1a09b7e production`, by one of 0@x.org" in notice.why
    assert len(notice.why) == 500
