"""Whatever happened before: a release that may go to production has all that it must have.

The rules are checked against others that look at the events themselves, one question each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.bough.pipeline.telling import Story, name_of

from bough.pipeline import rules
from bough.pipeline.automatic import promotions

STAGES = """environments: {protected: [main]}
stages:
  test: {gates: [unit, api]}
  production: {auto: true, soak: 30m, approvals: 1}
"""
SOAK = timedelta(minutes=30)
WORDS = ("r1", "r2", "r3")
words = st.sampled_from(WORDS)
emails = st.sampled_from(["ada@x.org", "bo@x.org", "cy@x.org"])
Step = Callable[[Story], object]


def steps() -> st.SearchStrategy[Step]:
    return st.one_of(
        st.builds(lambda word: lambda story: story.deployed(word, "test"), words),
        st.builds(lambda word: lambda story: story.failed(word, "test"), words),
        st.builds(
            lambda word, gate, verdict: lambda story: story.gate(word, "test", gate, verdict),
            words,
            st.sampled_from(["unit", "api"]),
            st.sampled_from(["PASS", "PASS", "PASS", "FAIL", "INCONCLUSIVE"]),
        ),
        st.builds(lambda minutes: lambda story: story.later(minutes=minutes), st.integers(1, 40)),
        st.builds(
            lambda word, email: lambda story: story.approved(word, "production", email),
            words,
            emails,
        ),
        st.builds(
            lambda word, email, withdrawn: (
                lambda story: story.rejected(word, "production", email, withdrawn=withdrawn)
            ),
            words,
            emails,
            st.booleans(),
        ),
        st.builds(
            lambda event, facts: lambda story: story.tell(event, why="", **facts),
            st.sampled_from(["held", "released from hold"]),
            st.one_of(
                st.builds(lambda word: {"release": name_of(word)}, words),
                st.just({"stage": "production"}),
            ),
        ),
        st.builds(
            lambda event: lambda story: story.tell(event, why=""),
            st.sampled_from(["line stopped", "line resumed", "line resumed"]),
        ),
        st.builds(
            lambda event, word, stage: (
                lambda story: story.canary(event, word, stage, result="stopped")
            ),
            st.sampled_from(["started", "ended"]),
            words,
            st.sampled_from(["test", "production"]),
        ),
    )


def well(story: Story, word: str) -> None:
    """The way that leads to production, so that not everything that is drawn ends before it."""
    story.deployed(word, "test").gate(word, "test", "unit").gate(word, "test", "api")
    story.later(minutes=30).approved(word, "production", "bo@x.org")


stories = st.lists(
    st.one_of(steps(), st.builds(lambda word: lambda story: well(story, word), words)), max_size=14
)


def told(drawn: list[Step]) -> Story:
    story = Story().stages(STAGES)
    for word in WORDS:
        story.released(word)
    for step in drawn:
        step(story)
    return story


def last(story: Story, names: tuple[str, ...], **facts: Any) -> dict[str, Any] | None:
    fitting = (
        event
        for event in reversed(story.events)
        if event["event"] in names and facts.items() <= event.items()
    )
    return next(fitting, None)


def lacking(story: Story, word: str) -> Iterator[str]:
    release, events = name_of(word), story.events
    holds = ("held", "released from hold")
    for held in ({"release": release}, {"stage": "production"}):
        hold = last(story, holds, **held)
        if hold and hold["event"] == "held":
            yield "hold"
    line = last(story, ("line stopped", "line resumed"))
    if line and line["event"] == "line stopped":
        yield "line"
    votes = {
        email: last(story, ("approved", "rejected"), release=release, identity=email)
        for email in ("ada@x.org", "bo@x.org", "cy@x.org")
    }
    for vote in votes.values():
        if vote and vote["event"] == "rejected" and not vote["withdrawn"]:
            yield "rejection"
    approving = [email for email, vote in votes.items() if vote and vote["event"] == "approved"]
    if not {*approving} - {"ada@x.org"}:
        yield "approvals"
    arrived = last(story, ("deployed",), stage="test", release=release)
    if arrived is None:
        yield "upstream"
        return
    verdicts: dict[str, str] = {}
    for event in events[_index(events, arrived) + 1 :]:
        if event["event"] == "deployed":
            break
        if event["event"] == "gate" and event["release"] == release:
            verdicts[event["gate"]] = event["verdict"]
    if verdicts != {"unit": "PASS", "api": "PASS"}:
        yield "upstream"
    if longest(story, release) < SOAK:
        yield "soak"


def longest(story: Story, release: str) -> timedelta:
    since: datetime | None = None
    best = timedelta(0)
    ends = [
        (datetime.fromisoformat(event["at"]), event["release"])
        for event in story.events
        if event["event"] == "deployed" and event.get("stage") == "test"
    ]
    for at, stands in [*ends, (story.now, "")]:
        if since is not None:
            best = max(best, at - since)
        if stands != release:
            since = None
        elif since is None:
            since = at
    return best


def _index(events: list[dict[str, Any]], wanted: dict[str, Any]) -> int:
    return next(index for index, event in enumerate(events) if event is wanted)


@settings(max_examples=300)
@given(stories)
def test_allowed_with_all_of_it_and_only_then(drawn: list[Step]) -> None:
    story = told(drawn)
    state = story.state()
    for word in WORDS:
        decision = rules.decide(state, state.releases[name_of(word)], "production", story.now)
        assert decision.rules == sorted({*lacking(story, word)}), word
        assert all(reason.step for reason in decision.reasons)


@given(stories)
def test_nothing_is_promoted_by_itself_that_a_person_may_not_promote(drawn: list[Step]) -> None:
    story = told(drawn)
    for release, stage in promotions(story.state(), story.now):
        word = next(word for word in WORDS if name_of(word) == release.id)
        assert stage == "production"
        assert not [*lacking(story, word)]


@given(stories, st.lists(st.integers(0, 40), max_size=10))
def test_what_others_do_changes_nothing(drawn: list[Step], places: list[int]) -> None:
    story = told(drawn)
    before = story.state()
    noise = [{**event, "application": "other"} for event in told([]).events]
    for place, event in zip(places, noise * 2, strict=False):
        story.events.insert(place % (len(story.events) + 1), event)
    after = story.state()
    for word in WORDS:
        release = name_of(word)
        assert rules.decide(
            before, before.releases[release], "production", story.now
        ) == rules.decide(after, after.releases[release], "production", story.now)
