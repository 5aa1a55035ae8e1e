"""Which releases lack nothing but approvals, so that somebody should be asked for them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough.pipeline import approvals, rules

if TYPE_CHECKING:
    from datetime import datetime

    from bough.pipeline.state import Release, State


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """`given` approvals of as many as are `wanted`; `may` says in words who can give one."""

    release: Release
    stage: str
    given: int
    wanted: int
    may: str


def wanted(state: State, now: datetime) -> list[Wanted]:
    """For each stage the newest release that could go there, where people have yet to approve that
    and were never asked; stages in order. A window opens by itself: who approves meanwhile is in
    time for it."""
    found = ((_lacking(state, stage, now), stage) for stage in state.pipeline.stages)
    return [
        Wanted(
            release=release,
            stage=stage,
            given=len(approvals.approvals(state, release, stage)),
            wanted=state.pipeline.stages[stage].approvals,
            may=approvals.who_may(state, release, stage),
        )
        for release, stage in found
        if release and (release.id, stage) not in state.asked
    ]


def _lacking(state: State, stage: str, now: datetime) -> Release | None:
    stands = state.current(stage)
    for release in state.newest_first():
        if stands and state.rank(release.id) <= state.rank(stands.release):
            return None
        lacks = {*rules.decide(state, release, stage, now).rules}
        if lacks <= {"window"}:
            return None
        # nobody can approve what was released again
        if lacks <= {"window", "approvals"} and not state.made_anew(release):
            return None if _was_tried(state, release, stage) else release
    return None


def _was_tried(state: State, release: Release, stage: str) -> bool:
    """Whoever put it there, or tried to, knows of it."""
    return bool(state.in_stage(release.id, stage)) or (release.id, stage) in state.failed
