"""Whether enough people approved a release for a stage, and whether nobody rejected it.

Votes name a release by its hash: none of them says anything about another one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.pipeline.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough.config.stages import Stage
    from bough.pipeline.people import Person
    from bough.pipeline.state import Release, State, Vote


def may_not(release: Release, stage: Stage, person: Person) -> str | None:
    """Why somebody's approval of a release would not count, or None when it does."""
    if person.email in release.authors:
        return f"{person.email} is an author of release {release.short}"
    if not person.email and person.user == release.pusher:
        return f"{person.user} pushed release {release.short}"
    if stage.approvers and person.email not in {each.casefold() for each in stage.approvers}:
        return f"{person.email} is not among its approvers"
    return None


def approvals(state: State, release: Release, stage: str) -> list[Vote]:
    """Those that count, oldest first: each from somebody who is surely not one of the others."""
    settings = state.pipeline.stage(stage)
    counted: list[Vote] = []
    for vote in state.votes_of(release.id, stage, "approved"):
        twice = any(vote.person.may_be(other.person) for other in counted)
        if not twice and not may_not(release, settings, vote.person):
            counted.append(vote)
    return counted


def missing(state: State, release: Release, stage: str) -> Iterator[Reason]:
    wanted = state.pipeline.stage(stage).approvals
    given = approvals(state, release, stage)
    if len(given) >= wanted:
        return
    names = f" ({', '.join(vote.person.email for vote in given)})" if given else ""
    yield Reason(
        "approvals",
        f"{len(given)} of {wanted} people approved it for stage {stage}{names}",
        f"{who_may(state, release, stage)} runs `bough approve {release.short} {stage}`",
    )


def who_may(state: State, release: Release, stage: str) -> str:
    """Whose approval would count, in words."""
    named = state.pipeline.stage(stage).approvers
    asked = [each for each in named if each.casefold() not in release.authors]
    given = {vote.person.email for vote in approvals(state, release, stage)}
    left = [each for each in asked if each.casefold() not in given]
    return f"one of {', '.join(left)}" if left else "somebody who is not its author"


def rejected(state: State, release: Release, stage: str) -> Iterator[Reason]:
    for vote in state.votes_of(release.id, stage, "rejected"):
        yield Reason(
            "rejection",
            f"{vote.person} rejected it for stage {stage}{because(vote.why)}",
            "push a better one, or have them take it back:"
            f" `bough reject {release.short} {stage} --withdraw`",
        )


def because(why: str) -> str:
    """Somebody's reason, in parentheses after what they did."""
    return f" ({why})" if why else ""
