"""Whether a release may be promoted, and what is said when not: one story each."""

from datetime import timedelta

import pytest
from tests.unit.bough.pipeline.telling import NOON, Story, name_of

from bough.pipeline import rules
from bough.pipeline.reason import Decision
from bough_components.errors import NotFoundError

GATED = "stages: {test: {gates: [unit, api]}, production: {}}"
R1 = name_of("r1")[:12]


def decide(story: Story, word: str = "r1", stage: str = "test") -> Decision:
    state = story.state()
    return rules.decide(state, state.releases[name_of(word)], stage, story.now)


def allowed(story: Story, word: str = "r1", stage: str = "test") -> bool:
    return decide(story, word, stage).allowed


def only(story: Story, word: str = "r1", stage: str = "test") -> str:
    (sentence,) = decide(story, word, stage).sentences
    return sentence


def in_test(stages: str = GATED) -> Story:
    return Story().stages(stages).released("r1").deployed("r1", "test")


def verified(stages: str = GATED) -> Story:
    return in_test(stages).gate("r1", "test", "unit").gate("r1", "test", "api")


def test_a_stage_that_is_not_declared_is_named_with_those_that_are() -> None:
    with pytest.raises(NotFoundError, match="no stage 'prod'; there are: test, production"):
        decide(Story().stages().released("r1"), stage="prod")


def test_from_a_branch() -> None:
    assert allowed(Story().stages().released("r1", branch="any"))


def test_from_another_branch_than_the_protected_ones() -> None:
    story = Story().stages("environments: {protected: [main]}\nstages: {test: {}}")
    assert only(story.released("r1", branch="feature")) == (
        "it never served in the environment of main; push it to main"
    )
    assert allowed(story.taken_over("r1", "main"))


def test_a_branch_s_release_that_was_never_deployed() -> None:
    story = Story().stages().released("r1")
    del story.events[-1]
    assert decide(story).rules == ["upstream"]


def test_no_stage_is_left_out() -> None:
    assert only(Story().stages().released("r1"), stage="production") == (
        f"it never was in stage test; first `bough promote test {R1}`"
    )


def test_every_gate_must_pass() -> None:
    story = in_test().gate("r1", "test", "unit")
    assert only(story, stage="production") == (
        "gate api in stage test has said nothing of it since it was deployed there; "
        f"`bough promote test {R1}` runs its gates"
    )
    assert allowed(story.gate("r1", "test", "api"), stage="production")


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        ("FAIL", "gate api in stage test failed it (so); mend that and push it"),
        (
            "INCONCLUSIVE",
            "gate api in stage test could not judge it (so); see to that, then "
            f"`bough promote test {R1}` runs its gates again",
        ),
    ],
)
def test_the_last_verdict_counts(verdict: str, sentence: str) -> None:
    assert only(verified().gate("r1", "test", "api", verdict), stage="production") == sentence


def test_another_verdict_than_the_known_ones_is_no_pass() -> None:
    assert not allowed(verified().gate("r1", "test", "api", "MAYBE"), stage="production")


def test_a_deployment_asks_all_gates_again() -> None:
    story = verified().deployed("r1", "test")
    assert len(decide(story, stage="production").reasons) == 2


def test_a_verdict_on_what_no_longer_stands_there_is_none() -> None:
    story = in_test().released("r2").deployed("r2", "test")
    story.gate("r1", "test", "unit").gate("r1", "test", "api")
    assert not allowed(story, stage="production")
    assert not allowed(story, "r2", "production")


def test_what_was_verified_once_stays_so() -> None:
    assert allowed(verified().released("r2").deployed("r2", "test"), stage="production")


TWO = "stages: {a: {}, b: {from: [branch]}, c: {from: [a, b], require: %s}}"


def test_any_upstream_will_do() -> None:
    story = Story().stages(TWO % "any").released("r1")
    assert not allowed(story, stage="c")
    assert allowed(story.deployed("r1", "b"), stage="c")


def test_all_upstreams_are_wanted() -> None:
    story = Story().stages(TWO % "all").released("r1").deployed("r1", "b")
    assert only(story, stage="c") == f"it never was in stage a; first `bough promote a {R1}`"
    assert allowed(story.deployed("r1", "a"), stage="c")


SOAK = "stages: {test: {}, production: {soak: 30m}}"


def test_soak() -> None:
    story = in_test(SOAK).later(minutes=29, seconds=59)
    assert only(story, stage="production") == (
        "it stayed in stage test for 29 min of 30m without a break; "
        "wait until 2026-11-23 12:30:00 UTC"
    )
    assert allowed(story.later(seconds=1), stage="production")


def test_only_an_unbroken_stay_counts_and_the_longest_one() -> None:
    story = in_test(SOAK).later(minutes=20).released("r2").deployed("r2", "test")
    story.later(minutes=20)
    assert only(story, stage="production") == (
        "it stayed in stage test for 20 min of 30m without a break; "
        "have it serve there again, and leave it"
    )
    story.deployed("r1", "test").later(minutes=20)
    assert not allowed(story, stage="production")
    story.later(minutes=10).deployed("r2", "test")
    assert allowed(story, stage="production")


def test_deployed_again_or_in_vain_is_no_break() -> None:
    story = in_test(SOAK).later(minutes=20).deployed("r1", "test")
    story.released("r2").failed("r2", "test").later(minutes=10)
    assert allowed(story, stage="production")


def test_a_destroyed_stage_ends_the_stay() -> None:
    story = in_test(SOAK).later(minutes=20)
    story.events.append(
        {"at": story.now.isoformat(), "who": "x", "event": "destroyed", "environment": "notes-test"}
    )
    assert not allowed(story.later(minutes=20), stage="production")
    assert story.state().current("test") is None


def test_a_clock_that_was_put_back_gives_no_time() -> None:
    story = in_test(SOAK)
    state = story.state()
    release = state.releases[name_of("r1")]
    early = rules.decide(state, release, "production", NOON - timedelta(days=9))
    assert early.rules == ["soak"]


WINDOW = """stages: {test: {windows: [
    {start: "08:00", rrule: FREQ=WEEKLY;BYDAY=TU, duration: 8h, timezone: Europe/Berlin}]}}"""


def test_windows() -> None:
    story = Story().stages(WINDOW).released("r1")
    assert only(story) == (
        "stage test takes releases in its windows only; "
        "wait until Tuesday 2026-11-24 08:00 Europe/Berlin"
    )
    assert allowed(story.later(days=1))


def test_a_window_that_is_over() -> None:
    story = Story().stages(WINDOW.replace("TU", "TU;UNTIL=20250101T000000Z")).released("r1")
    assert only(story).endswith("none comes any more: declare another under stages.test.windows")


HOLDER = {"who": "grace", "identity": "Grace@x.org", "why": "a demo"}


def test_a_held_release_goes_nowhere_and_others_do() -> None:
    story = Story().stages().released("r1").released("r2")
    story.tell("held", release=name_of("r1"), **HOLDER)
    assert only(story) == (
        f"grace@x.org (grace) holds it (a demo); `bough hold {R1} --release` lets it go on"
    )
    assert allowed(story, "r2")
    assert allowed(story.tell("released from hold", release=name_of("r1"), **HOLDER))


def test_nothing_goes_into_a_held_stage() -> None:
    story = Story().stages().released("r1").tell("held", stage="test", **HOLDER)
    assert only(story) == (
        "grace@x.org (grace) holds stage test (a demo); `bough hold --stage test --release` "
        "opens it"
    )
    assert allowed(story.tell("released from hold", stage="test", **HOLDER))


def test_a_stopped_line() -> None:
    story = in_test("stages: {test: {}, production: {}}").tell("line stopped", **HOLDER)
    sentence = (
        "grace@x.org (grace) stopped the line (a demo); `bough line resume` lets releases go on"
    )
    assert only(story) == only(story, stage="production") == sentence
    assert allowed(story.tell("line resumed", **HOLDER))


def test_everything_that_says_no_is_told() -> None:
    story = Story().stages(WINDOW.replace("[\n", "[").replace("windows", "approvals: 1, windows"))
    story.released("r1").tell("line stopped", **HOLDER).rejected("r1", "test", "bo@x.org")
    decision = decide(story)
    assert not decision.allowed
    assert decision.rules == ["approvals", "line", "rejection", "window"]


BROKEN = {"who": "ada", "why": "down", "rules": ["upstream", "window"]}


def test_breaking_glass_into_a_stage_opens_none_behind_it() -> None:
    story = Story().stages("environments: {protected: [main]}\n" + GATED)
    story.released("r1", branch="hotfix")
    story.tell("broke glass", release=name_of("r1"), stage="test", **BROKEN)
    story.deployed("r1", "test").gate("r1", "test", "unit").gate("r1", "test", "api")
    assert only(story, stage="production") == (
        "it came into stage test by breaking glass: it never served in the environment of main; "
        "push it to main"
    )
    assert allowed(story.taken_over("r1", "main"), stage="production")


def test_broken_glass_is_forgotten_when_the_deployment_failed() -> None:
    story = Story().stages().released("r1")
    story.tell("broke glass", release=name_of("r1"), stage="test", **BROKEN)
    story.failed("r1", "test").deployed("r1", "test")
    assert story.state().in_stage(name_of("r1"), "test")[0].glass == frozenset()


def test_a_new_gate_holds_for_what_stands_already() -> None:
    story = in_test("stages: {test: {}, production: {}}")
    assert allowed(story, stage="production")
    assert not allowed(story.stages(GATED), stage="production")
