"""Where a stage may go back to."""

import pytest
from tests.unit.bough.pipeline.telling import Story, name_of

from bough.pipeline import rollback, rules, schema
from bough.pipeline.reason import Decision
from bough_components.errors import NotFoundError, RefusedError

ONE = "stages: {prod: {}}"


def ran(*words: tuple[str, str], stages: str = ONE) -> Story:
    story = Story().stages(stages)
    for word, revision in words:
        story.released(word, schema=revision).deployed(word, "prod")
    return story


def decide(story: Story, word: str) -> Decision:
    state = story.state()
    return rollback.decide(state, state.releases[name_of(word)], "prod")


def names(story: Story) -> list[str]:
    return [each.id for each in schema.older(story.state(), "prod")]


def test_to_the_newest_older_one() -> None:
    story = ran(("r1", "s"), ("r2", "s"), ("r3", "s"))
    assert rollback.before(story.state(), "prod").id == name_of("r2")
    assert names(story) == [name_of("r2"), name_of("r1")]
    assert decide(story, "r2").allowed
    assert decide(story, "r1").allowed
    story.deployed("r2", "prod", rollback=True)
    assert rollback.before(story.state(), "prod").id == name_of("r1")


def test_nowhere_to_go() -> None:
    with pytest.raises(RefusedError, match="no older release that passed its gates in stage prod"):
        rollback.before(ran(("r1", "s")).state(), "prod")
    with pytest.raises(RefusedError):
        rollback.before(Story().stages(ONE).released("r1").state(), "prod")
    with pytest.raises(NotFoundError, match="no stage 'x'"):
        rollback.before(ran(("r1", "s")).state(), "x")


def test_what_it_has_already_and_what_it_never_had() -> None:
    story = ran(("r1", "s"), ("r2", "s")).released("r3", schema="s")
    assert decide(story, "r2").sentences == ["stage prod has it already; name an older one"]
    assert decide(story, "r3").sentences == [
        "it is not one that passed its gates in stage prod before what serves there now; "
        f"choose one of {name_of('r1')[:12]}"
    ]


def test_one_that_did_not_pass_there_is_no_way_back() -> None:
    story = Story().stages("stages: {prod: {gates: [unit]}}")
    story.released("r1").deployed("r1", "prod").gate("r1", "prod", "unit")
    story.released("r2").deployed("r2", "prod").gate("r2", "prod", "unit", "FAIL")
    story.released("r3").deployed("r3", "prod")
    assert names(story) == [name_of("r1")]
    assert not decide(story, "r2").allowed
    # a gate that came later was not asked then
    story.stages("stages: {prod: {gates: [unit, api]}}")
    assert decide(story, "r1").allowed


def test_neither_windows_nor_soak_nor_approvals_are_asked_again() -> None:
    story = ran(("r1", "s"), ("r2", "s")).stages(
        "stages: {test: {}, prod: {soak: 30d, approvals: 3, windows: [{start: '2026-01-01T00:00', "
        "rrule: FREQ=DAILY;COUNT=1, duration: 1h, timezone: UTC}]}}"
    )
    assert decide(story, "r1").allowed
    assert not rules.decide(story.state(), story.release("r1"), "prod", story.now).allowed


def test_what_people_forbade_stays_forbidden() -> None:
    story = ran(("r1", "s"), ("r2", "s")).rejected("r1", "prod", "bo@x.org")
    story.tell("held", release=name_of("r1"), why="").tell("line stopped", why="")
    assert decide(story, "r1").rules == ["hold", "line", "rejection"]


def test_never_across_a_schema_that_was_not_shown_to_serve_it() -> None:
    story = ran(("r1", "s1"), ("r2", "s2"), ("r3", "s3"))
    assert decide(story, "r2").sentences == [
        "no migration gate has shown that it works on database db as release "
        f"{name_of('r3')[:12]} left it; no older release is safe here: mend it and push a new one"
    ]
    story.migrates("r3", "prod", "s3", "s1")
    assert decide(story, "r1").allowed
    short = name_of("r1")[:12]
    assert (
        decide(story, "r2")
        .sentences[0]
        .endswith(f"; the newest that is safe is {short}: `bough rollback prod {short}`")
    )


def test_shown_for_each_step_is_not_shown_for_both() -> None:
    story = ran(("r1", "s1"), ("r2", "s2"), ("r3", "s3"))
    story.migrates("r2", "prod", "s2", "s1").migrates("r3", "prod", "s3", "s2")
    assert decide(story, "r2").allowed
    assert not decide(story, "r1").allowed


@pytest.mark.parametrize("verdict", ["FAIL", "INCONCLUSIVE"])
def test_only_a_gate_that_passed_shows_anything(verdict: str) -> None:
    story = ran(("r1", "s1"), ("r2", "s2"))
    evidence = {"revision": "s2", "serves": ["s1"]}
    story.gate("r2", "prod", "schema", verdict, kind="migration", evidence=evidence)
    assert not decide(story, "r1").allowed
    story.gate("r2", "prod", "other", kind="command", evidence=evidence)
    assert not decide(story, "r1").allowed


def test_a_gate_that_fails_later_takes_it_back() -> None:
    story = ran(("r1", "s1"), ("r2", "s2")).migrates("r2", "prod", "s2", "s1")
    story.gate("r2", "prod", "schema", "FAIL", kind="migration", evidence={"revision": "s2"})
    assert not decide(story, "r1").allowed


def test_the_schema_stays_where_the_newest_left_it() -> None:
    story = ran(("r1", "s1"), ("r2", "s2")).migrates("r2", "prod", "s2", "s1")
    story.deployed("r1", "prod", rollback=True)
    assert story.state().schemas == {"prod": name_of("r2")}
    # r1 of another schema was never shown to work on what r2 left, though r1 stands there now
    story.released("r0", schema="s0")
    assert decide(story, "r2").rules == ["rollback"]


def test_what_failed_to_start_may_have_migrated() -> None:
    for migrated, live in ((None, "r1"), ("r1", "r1"), ("r2", "r2")):
        story = ran(("r1", "s1")).released("r2", schema="s2")
        story.failed("r2", "prod", migrated=migrated)
        assert story.state().schemas == {"prod": name_of(live)}


def test_an_older_release_is_held_to_it_in_a_promotion_too() -> None:
    story = Story().stages(ONE).released("r1", schema="s1").released("r2", schema="s2")
    story.deployed("r2", "prod")
    decision = rules.decide(story.state(), story.release("r1"), "prod", story.now)
    assert decision.rules == ["schema"]


def test_forward_again_to_one_between() -> None:
    story = ran(("r1", "s1")).released("r2", schema="s2").released("r3", schema="s3")
    story.migrates("r3", "prod", "s3", "s1").deployed("r3", "prod")
    story.deployed("r1", "prod", rollback=True)
    between = rules.decide(story.state(), story.release("r2"), "prod", story.now)
    assert between.rules == ["schema"], "the database is at s3, though s1's release stands there"
    assert rules.decide(story.state(), story.release("r3"), "prod", story.now).allowed


def test_a_database_that_is_gone_and_one_that_is_new() -> None:
    story = Story().stages(ONE).released("r1", schema="s1").deployed("r1", "prod")
    story.released("r2", schema=None).deployed("r2", "prod")
    assert (
        decide(story, "r1")
        .sentences[0]
        .startswith(f"it needs database db, which release {name_of('r2')[:12]} took away")
    )
    story = Story().stages(ONE).released("r1", schema=None).deployed("r1", "prod")
    assert decide(story.released("r2").deployed("r2", "prod"), "r1").allowed


def test_a_destroyed_stage_has_no_schema() -> None:
    story = ran(("r1", "s1"), ("r2", "s2"))
    story.tell("destroyed", environment="notes-prod")
    assert story.state().schemas == {}
    assert rules.decide(story.state(), story.release("r1"), "prod", story.now).allowed
