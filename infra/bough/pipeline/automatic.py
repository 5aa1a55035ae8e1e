"""What should be promoted now without a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.pipeline.rules import decide

if TYPE_CHECKING:
    from datetime import datetime

    from bough.pipeline.state import Release, State


def promotions(state: State, now: datetime) -> list[tuple[Release, str]]:
    """For each stage that asks for it, the newest release that may go there; stages in order.

    Never one that is older than what stands there, nor one that failed to be deployed there; and
    none while a canary runs there, which a person started.
    """
    found = ((_newest(state, stage, now), stage) for stage in state.pipeline.stages)
    return [(release, stage) for release, stage in found if release]


def _newest(state: State, stage: str, now: datetime) -> Release | None:
    if not state.pipeline.stages[stage].auto:
        return None
    if stage in state.turned_back or stage in state.canaries:
        return None
    stands = state.current(stage)
    for release in state.newest_first():
        if stands and state.rank(release.id) <= state.rank(stands.release):
            return None
        if (release.id, stage) not in state.failed and decide(state, release, stage, now).allowed:
            return release
    return None
