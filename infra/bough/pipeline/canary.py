"""May a release be tried beside the one that serves in a stage? Decided like a promotion there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.pipeline import rules, schema
from bough.pipeline.reason import Decision, Reason
from bough_components.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bough.pipeline.state import Release, State
    from bough.release.canary import Canary


def decide(state: State, release: Release, stage: str, now: datetime) -> Decision:
    """`now` is aware. Raises `NotFoundError` for a stage that is not declared."""
    may_come = rules.decide(state, release, stage, now)
    return Decision(
        (*may_come.reasons, *_alone(state, release, stage), *_served(state, release, stage))
    )


def widen(state: State, canary: Canary, stage: str) -> Decision:
    """May it get more clients than it has?"""
    return Decision(tuple(rules.forbidden(state, state.releases[canary.release], stage)))


def running(state: State, stage: str) -> Canary:
    """What is tried in a stage; `RefusedError` when nothing is."""
    state.pipeline.stage(stage)
    if stage not in state.canaries:
        raise RefusedError(
            f"no canary runs in stage {stage}", f"`bough canary start {stage}` makes one"
        )
    return state.canaries[stage]


def _alone(state: State, release: Release, stage: str) -> Iterator[Reason]:
    stay, canary = state.current(stage), state.canaries.get(stage)
    if stay is None:
        what = f"nothing serves in stage {stage} that it could be tried beside"
        yield Reason("canary", what, f"`bough promote {stage} {release.short}`")
    elif stay.release == release.id:
        yield Reason("canary", f"stage {stage} serves it already", "name another one")
    if canary and canary.release != release.id:
        what = f"release {canary.release[:12]} is the canary of stage {stage}"
        yield Reason("canary", what, f"end that with `bough canary stop {stage}`, or promote it")


def _served(state: State, release: Release, stage: str) -> Iterator[Reason]:
    """The one that serves must work on the databases as the canary leaves them."""
    stay, after = state.current(stage), schema.migrating(state, release, stage)
    if stay is None or stay.release == release.id:
        return
    for what in schema.unserved(state, state.releases[stay.release], after):
        yield Reason(
            "schema",
            f"release {stay.release[:12]} would go on serving beside it: {what}",
            f"have a migration gate show that, or `bough promote {stage} {release.short}`",
        )
