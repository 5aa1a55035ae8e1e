"""What people may say, and what they are told when not."""

from collections.abc import Callable

import pytest
from tests.unit.bough.pipeline.telling import NOON, Story, name_of

from bough.pipeline import rules, speaking
from bough.pipeline.people import Person
from bough.pipeline.reason import Decision
from bough.pipeline.speaking import Word
from bough.pipeline.state import Release, State
from bough_components.errors import NotFoundError, RefusedError, UsageError

BO = Person.of("Bo@x.org", "bo")
R1, R2 = name_of("r1")[:12], name_of("r2")[:12]
Say = Callable[[State, Release, str, Person, str], Word]


def story(approvals: int = 1) -> Story:
    return Story().stages(f"stages: {{prod: {{approvals: {approvals}}}}}").released("r1", who="ci")


def say(speak: Say, told: Story, person: Person = BO, stage: str = "prod") -> Word:
    state = told.state()
    return speak(state, state.releases[name_of("r1")], stage, person, "because")


def refused(speak: Say, told: Story, person: Person = BO) -> str:
    with pytest.raises(RefusedError) as caught:
        say(speak, told, person)
    return str(caught.value)


def test_an_approval() -> None:
    assert say(speaking.approve, story()) == Word(
        "approved",
        {
            "application": "notes",
            "identity": "bo@x.org",
            "why": "because",
            "release": name_of("r1"),
            "stage": "prod",
        },
    )


def test_for_a_stage_that_there_is_not() -> None:
    for speak in (speaking.approve, speaking.reject, speaking.withdraw):
        with pytest.raises(NotFoundError, match="no stage 'x'; there are: prod"):
            say(speak, story(), stage="x")
    with pytest.raises(NotFoundError, match="no stage 'x'"):
        speaking.hold_stage(story().state(), "x", BO, "")


def test_where_none_is_asked_for() -> None:
    assert refused(speaking.approve, story(0)) == (
        f"stage prod takes releases without approval. run `bough promote prod {R1}`."
    )


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (Person.of("ADA@x.org", "bo"), f"ada@x.org is an author of release {R1}"),
        (Person.of("", "ci"), f"ci pushed release {R1}"),
    ],
)
def test_by_its_author(person: Person, reason: str) -> None:
    assert refused(speaking.approve, story(), person) == (
        f"this approval would not count for stage prod: {reason}. "
        "ask somebody else to look at it and approve it."
    )


def test_by_somebody_who_is_not_asked() -> None:
    told = Story().stages("stages: {prod: {approvals: 1, approvers: [cy@x.org]}}").released("r1")
    assert "bo@x.org is not among its approvers" in refused(speaking.approve, told)


@pytest.mark.parametrize("again", [BO, Person.of("bo@x.org", "x"), Person.of("", "bo")])
def test_twice(again: Person) -> None:
    told = story(2).approved("r1", "prod", "bo@x.org")
    assert refused(speaking.approve, told, again) == (
        f"bo@x.org (bo) approved release {R1} for stage prod already, and nobody counts twice. "
        "`bough pipeline` says what it still waits for."
    )


def test_of_a_release_that_changed() -> None:
    told = story().released("r2", commit="commit r1")
    commit = told.release("r1").commit[:10]
    assert refused(speaking.approve, told) == (
        f"release {R1} changed: commit {commit} was released again as {R2}. "
        f"look at that one, then run `bough approve {R2} prod`."
    )


def test_rejecting_twice_and_taking_back() -> None:
    told = story().rejected("r1", "prod", "bo@x.org")
    assert "rejected release" in refused(speaking.reject, told)
    assert say(speaking.withdraw, told).facts["withdrawn"] is True
    other = Person.of("cy@x.org", "cy")
    assert refused(speaking.withdraw, told, other) == (
        f"you, cy@x.org (cy), did not reject release {R1} for stage prod. "
        "only who did can take it back: bo@x.org (bo)."
    )
    assert refused(speaking.withdraw, story()).endswith("nobody did.")


def test_holds() -> None:
    state = story().state()
    release = state.releases[name_of("r1")]
    assert speaking.hold_release(state, release, BO, "x").facts["release"] == release.id
    assert speaking.hold_stage(state, "prod", BO, "x").facts["stage"] == "prod"
    with pytest.raises(RefusedError, match=f"nobody holds release {R1}"):
        speaking.let_release_go(state, release, BO, "")
    with pytest.raises(RefusedError, match="nobody holds stage prod"):
        speaking.let_stage_go(state, "prod", BO, "")


def test_held_already() -> None:
    about = {"identity": "cy@x.org", "who": "cy", "why": "a demo"}
    told = story().tell("held", stage="prod", **about).tell("held", release=name_of("r1"), **about)
    state = told.state()
    release = state.releases[name_of("r1")]
    with pytest.raises(RefusedError, match=r"cy@x.org \(cy\) holds stage prod already \(a demo\)"):
        speaking.hold_stage(state, "prod", BO, "")
    with pytest.raises(RefusedError, match=f"holds release {R1} already"):
        speaking.hold_release(state, release, BO, "")
    assert speaking.let_stage_go(state, "prod", BO, "").event == "released from hold"
    assert speaking.let_release_go(state, release, BO, "").event == "released from hold"


def test_the_line() -> None:
    state = story().state()
    assert speaking.stop(state, BO, "smoke").event == "line stopped"
    with pytest.raises(UsageError, match="--why"):
        speaking.stop(state, BO, "")
    with pytest.raises(RefusedError, match="nobody stopped the line"):
        speaking.resume(state, BO, "")
    stopped = story().tell("line stopped", identity="cy@x.org", why="smoke").state()
    with pytest.raises(RefusedError, match=r"stopped the line already \(smoke\)"):
        speaking.stop(stopped, BO, "more smoke")
    assert speaking.resume(stopped, BO, "").event == "line resumed"


def test_breaking_glass_is_for_what_says_no_and_says_why() -> None:
    state = story().state()
    release = state.releases[name_of("r1")]
    decision = rules.decide(state, release, "prod", NOON)
    word = speaking.break_glass(state, release, "prod", BO, "it burns", decision=decision)
    assert (word.event, word.facts["rules"]) == ("broke glass", ["approvals"])
    assert (word.facts["identity"], word.facts["why"]) == ("bo@x.org", "it burns")
    with pytest.raises(UsageError, match="without a reason"):
        speaking.break_glass(state, release, "prod", BO, "", decision=decision)
    with pytest.raises(RefusedError, match=f"nothing keeps release {R1} from stage prod"):
        speaking.break_glass(state, release, "prod", BO, "why not", decision=Decision())
