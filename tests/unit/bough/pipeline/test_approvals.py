"""Whose approval counts, for what, and how often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.bough.pipeline.telling import Story, name_of

from bough.pipeline import rules
from bough.pipeline.approvals import approvals
from bough.pipeline.reason import Decision

TWO = "stages: {prod: {approvals: 2}}"
R1 = name_of("r1")[:12]


def ready(stages: str = TWO) -> Story:
    return Story().stages(stages).released("r1", authors=("Ada@x.org",), who="pusher")


def decide(story: Story, word: str = "r1") -> Decision:
    state = story.state()
    return rules.decide(state, state.releases[name_of(word)], "prod", story.now)


def test_as_many_as_the_stage_asks_for() -> None:
    story = ready()
    assert decide(story).sentences == [
        "0 of 2 people approved it for stage prod; somebody who is not its author runs "
        f"`bough approve {R1} prod`"
    ]
    story.approved("r1", "prod", "Bo@x.org")
    assert decide(story).sentences[0].startswith("1 of 2 people approved it for stage prod (bo@x.")
    assert decide(story.approved("r1", "prod", "cy@x.org")).allowed


@pytest.mark.parametrize(
    ("email", "user"),
    [
        ("bo@x.org", "bo"),
        ("BO@x.org", "other"),
        ("", "bo"),
        ("ada@x.org", "other"),
        ("", "pusher"),
    ],
)
def test_neither_twice_nor_by_an_author(email: str, user: str) -> None:
    story = ready().approved("r1", "prod", "bo@x.org", "bo")
    assert not decide(story.approved("r1", "prod", email, user)).allowed


def test_for_another_stage_or_release_it_is_nothing() -> None:
    story = ready("stages: {prod: {approvals: 1}, other: {approvals: 1}}").released("r2")
    story.approved("r1", "other", "bo@x.org").approved("r2", "prod", "bo@x.org")
    assert not decide(story).allowed
    assert decide(story, "r2").allowed


NAMED = "stages: {prod: {approvals: 1, approvers: [ADA@x.org, Bo@x.org, cy@x.org]}}"


def test_only_of_those_who_are_named() -> None:
    story = ready(NAMED).approved("r1", "prod", "di@x.org")
    assert decide(story).sentences == [
        "0 of 1 people approved it for stage prod; one of Bo@x.org, cy@x.org runs "
        f"`bough approve {R1} prod`"
    ]
    assert decide(story.approved("r1", "prod", "bo@x.org")).allowed


def test_a_rejection_blocks_whatever_others_say() -> None:
    story = ready().rejected("r1", "prod", "di@x.org")
    story.approved("r1", "prod", "bo@x.org").approved("r1", "prod", "cy@x.org")
    assert decide(story).sentences == [
        "di@x.org (di) rejected it for stage prod; push a better one, or have them take it back: "
        f"`bough reject {R1} prod --withdraw`"
    ]


def test_only_who_rejected_takes_it_back() -> None:
    story = ready("stages: {prod: {}}").rejected("r1", "prod", "di@x.org")
    story.rejected("r1", "prod", "bo@x.org", withdrawn=True)
    assert not decide(story).allowed
    story.rejected("r1", "prod", "di@x.org", "somebody-else", withdrawn=True)
    assert not decide(story).allowed
    story.rejected("r1", "prod", "other@x.org", "di", withdrawn=True)
    assert not decide(story).allowed
    assert decide(story.rejected("r1", "prod", "di@x.org", withdrawn=True)).allowed


def test_a_new_release_is_not_rejected() -> None:
    assert decide(
        ready("stages: {prod: {}}").rejected("r1", "prod", "di@x.org").released("r2"), "r2"
    ).allowed


def test_the_last_word_of_a_person_counts() -> None:
    story = ready("stages: {prod: {approvals: 1}}").approved("r1", "prod", "bo@x.org")
    assert decide(story).allowed
    assert decide(story.rejected("r1", "prod", "bo@x.org")).rules == ["approvals", "rejection"]
    assert decide(story.approved("r1", "prod", "bo@x.org")).allowed


PEOPLE = st.tuples(st.sampled_from(["ada", "bo", "cy", "di"]), st.sampled_from("pqrs"))


@given(st.lists(PEOPLE, max_size=8), st.integers(1, 4))
def test_never_without_enough_different_people(voters: list[tuple[str, str]], wanted: int) -> None:
    story = ready(f"stages: {{prod: {{approvals: {wanted}}}}}")
    for email, user in voters:
        story.approved("r1", "prod", f"{email}@x.org", user)
    state = story.state()
    counted = approvals(state, state.releases[name_of("r1")], "prod")
    assert len({vote.person.email for vote in counted}) == len(counted)
    assert all(vote.person.email != "ada@x.org" for vote in counted)
    assert decide(story).allowed == (len(counted) >= wanted)
