"""What people say about releases and stages: whether they may, and how the ledger has it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bough.pipeline.approvals import because, may_not
from bough_components.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from bough.pipeline.people import Person
    from bough.pipeline.reason import Decision
    from bough.pipeline.state import Release, Said, State


@dataclass(frozen=True)
class Word:
    """An event for the ledger."""

    event: str
    facts: dict[str, Any]


def approve(state: State, release: Release, stage: str, person: Person, why: str) -> Word:
    """Raises `RefusedError` when the approval would not count."""
    settings = state.pipeline.stage(stage)
    anew = state.made_anew(release)
    if anew:
        raise RefusedError(
            f"release {release.short} changed: commit {release.commit[:10]} was released again as"
            f" {anew.short}",
            f"look at that one, then run `bough approve {anew.short} {stage}`",
        )
    if not settings.approvals:
        raise RefusedError(
            f"stage {stage} takes releases without approval",
            f"run `bough promote {stage} {release.short}`",
        )
    if reason := may_not(release, settings, person):
        raise RefusedError(
            f"this approval would not count for stage {stage}: {reason}",
            "ask somebody else to look at it and approve it",
        )
    for vote in state.votes_of(release.id, stage, "approved"):
        if vote.person.may_be(person):
            raise RefusedError(
                f"{vote.person} approved release {release.short} for stage {stage} already, and"
                " nobody counts twice",
                "`bough pipeline` says what it still waits for",
            )
    return _word("approved", state, person, why, release=release.id, stage=stage)


def reject(state: State, release: Release, stage: str, person: Person, why: str) -> Word:
    state.pipeline.stage(stage)
    if any(vote.person == person for vote in state.votes_of(release.id, stage, "rejected")):
        raise RefusedError(
            f"you rejected release {release.short} for stage {stage} already",
            "`--withdraw` takes that back",
        )
    return _word("rejected", state, person, why, release=release.id, stage=stage)


def withdraw(state: State, release: Release, stage: str, person: Person, why: str) -> Word:
    """Take back a rejection of one's own."""
    state.pipeline.stage(stage)
    rejections = state.votes_of(release.id, stage, "rejected")
    if not any(vote.person == person for vote in rejections):
        others = ", ".join(str(vote.person) for vote in rejections)
        raise RefusedError(
            f"you, {person}, did not reject release {release.short} for stage {stage}",
            f"only who did can take it back: {others}" if others else "nobody did",
        )
    facts = {"release": release.id, "stage": stage, "withdrawn": True}
    return _word("rejected", state, person, why, **facts)


def hold_release(state: State, release: Release, person: Person, why: str) -> Word:
    _not_yet(state.held_releases.get(release.id), f"release {release.short}")
    return _word("held", state, person, why, release=release.id)


def hold_stage(state: State, stage: str, person: Person, why: str) -> Word:
    state.pipeline.stage(stage)
    _not_yet(state.held_stages.get(stage), f"stage {stage}")
    return _word("held", state, person, why, stage=stage)


def let_release_go(state: State, release: Release, person: Person, why: str) -> Word:
    _held(state.held_releases.get(release.id), f"release {release.short}")
    return _word("released from hold", state, person, why, release=release.id)


def let_stage_go(state: State, stage: str, person: Person, why: str) -> Word:
    state.pipeline.stage(stage)
    _held(state.held_stages.get(stage), f"stage {stage}")
    return _word("released from hold", state, person, why, stage=stage)


def stop(state: State, person: Person, why: str) -> Word:
    if not why:
        raise UsageError("whoever finds the line stopped wants to know why", "say it with --why")
    if state.stopped:
        raise RefusedError(
            f"{state.stopped.person} stopped the line already{because(state.stopped.why)}",
            "`bough line resume` lets releases go on",
        )
    return _word("line stopped", state, person, why)


def resume(state: State, person: Person, why: str) -> Word:
    if not state.stopped:
        raise RefusedError("nobody stopped the line", "`bough pipeline` says what blocks a release")
    return _word("line resumed", state, person, why)


def break_glass(
    state: State, release: Release, stage: str, person: Person, why: str, *, decision: Decision
) -> Word:
    """Promote in spite of what a decision says; what was signed is verified all the same."""
    if not why:
        raise UsageError("nobody breaks glass without a reason", "say it with --why")
    if decision.allowed:
        raise RefusedError(
            f"nothing keeps release {release.short} from stage {stage}",
            f"run `bough promote {stage} {release.short}` without breaking anything",
        )
    facts = {"release": release.id, "stage": stage, "rules": decision.rules}
    return _word("broke glass", state, person, why, **facts)


def _not_yet(said: Said | None, what: str) -> None:
    if said:
        raise RefusedError(
            f"{said.person} holds {what} already{because(said.why)}", "`--release` lets it go"
        )


def _held(said: Said | None, what: str) -> None:
    if not said:
        raise RefusedError(f"nobody holds {what}", "`bough pipeline` says what blocks it")


def _word(event: str, state: State, person: Person, why: str, **facts: Any) -> Word:
    about = {"application": state.application, "identity": person.email, "why": why}
    return Word(event, {**about, **facts})
