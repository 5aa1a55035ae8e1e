"""Whom people are asked to approve, and when they are not."""

import pytest
from tests.unit.bough.pipeline.telling import Story, name_of

from bough.pipeline.awaiting import wanted

STAGES = "stages: {test: {}, prod: {soak: 30m, approvals: 2, windows: [%s]}}"
CLOSED = '{start: "08:00", rrule: "FREQ=WEEKLY;BYDAY=SU", duration: 1h, timezone: UTC}'
SOAKED = 30


def story(stages: str = STAGES % "") -> Story:
    """r1 in production, r2 long enough in test."""
    told = Story().stages(stages).released("r1").deployed("r1", "test").deployed("r1", "prod")
    return told.released("r2").deployed("r2", "test").later(minutes=SOAKED)


def asked(told: Story) -> list[tuple[str, str]]:
    words = {name_of(word): word for word in ("r1", "r2", "r3", "again")}
    return [(words[each.release.id], each.stage) for each in wanted(told.state(), told.now)]


def test_what_lacks_nothing_else() -> None:
    (found,) = wanted(story().state(), story().now)
    assert (found.release.id, found.stage) == (name_of("r2"), "prod")
    assert (found.given, found.wanted) == (0, 2)
    assert found.may == "somebody who is not its author"


def test_how_many_and_who_may_still() -> None:
    who = "approvers: [ada@x.org, bo@x.org, cy@x.org, di@x.org]"
    told = story(f"stages: {{test: {{}}, prod: {{approvals: 2, {who}}}}}")
    (found,) = wanted(told.approved("r2", "prod", "bo@x.org").state(), told.now)
    assert (found.given, found.may) == (1, "one of cy@x.org, di@x.org")


def test_a_closed_window_does_not_matter_and_a_soak_does() -> None:
    told = story(STAGES % CLOSED)
    assert asked(told) == [("r2", "prod")]
    assert asked(told.later(minutes=-1)) == []


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        ("held", {"release": name_of("r2")}),
        ("held", {"stage": "prod"}),
        ("line stopped", {}),
        ("rejected", {"release": name_of("r2"), "stage": "prod", "identity": "di@x.org"}),
    ],
)
def test_nobody_is_asked_for_what_their_approval_would_not_help(
    event: str, facts: dict[str, str]
) -> None:
    assert asked(story().tell(event, **facts)) == []


def test_a_stage_without_approvals_asks_for_none() -> None:
    assert asked(story("stages: {test: {}, prod: {}}")) == []
    told = story().approved("r2", "prod", "bo@x.org").approved("r2", "prod", "cy@x.org")
    assert asked(told) == []


def test_once_whatever_comes_after_it() -> None:
    told = story().tell("approval wanted", release=name_of("r2"), stage="prod")
    assert asked(told) == []
    assert asked(told.approved("r2", "prod", "bo@x.org")) == []
    assert asked(told.tell("line stopped").tell("line resumed")) == []
    told.released("r3").deployed("r3", "test")
    assert asked(told) == [], "it soaks, and r2 was asked for"
    assert asked(told.later(minutes=SOAKED)) == [("r3", "prod")]


def test_only_for_the_newest_that_could_go_there() -> None:
    told = story().released("r3").deployed("r3", "test").later(minutes=SOAKED)
    assert asked(told) == [("r3", "prod")]
    told.approved("r3", "prod", "bo@x.org").approved("r3", "prod", "cy@x.org")
    assert asked(told) == [], "r3 may go, so nobody waits for r2"


def test_the_newest_that_may_go_once_a_window_opens_leaves_no_question() -> None:
    told = story(STAGES % CLOSED).released("r3").deployed("r3", "test").later(minutes=SOAKED)
    told.approved("r3", "prod", "bo@x.org").approved("r3", "prod", "cy@x.org")
    assert asked(told) == []


def test_nothing_older_than_what_stands_there() -> None:
    told = story().released("r3").deployed("r3", "test").deployed("r3", "prod")
    assert asked(told.later(minutes=SOAKED)) == []


def test_what_was_there_or_failed_to_come_is_left_to_people() -> None:
    assert asked(story().deployed("r2", "prod").deployed("r1", "prod", rollback=True)) == []
    assert asked(story().failed("r2", "prod")) == []


def test_what_was_released_again_nobody_can_approve() -> None:
    told = story().released("again", branch="other", commit="commit r2")
    assert asked(told) == []
    told.deployed("again", "test").later(minutes=SOAKED)
    assert asked(told) == [("again", "prod")]


def test_each_stage_by_itself() -> None:
    told = Story().stages("stages: {test: {approvals: 1}, prod: {approvals: 1}}")
    told.released("r1").deployed("r1", "test").released("r2")
    assert asked(told) == [("r2", "test"), ("r1", "prod")]
    told.tell("approval wanted", release=name_of("r2"), stage="test")
    assert asked(told) == [("r1", "prod")]
