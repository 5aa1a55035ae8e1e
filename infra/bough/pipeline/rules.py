"""May this release be promoted to that stage now? Decided from the ledger alone (ADR 30)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.pipeline import approvals, schema, upstream, windows
from bough.pipeline.approvals import because
from bough.pipeline.reason import Decision, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bough.pipeline.state import Release, State


def decide(state: State, release: Release, stage: str, now: datetime) -> Decision:
    """`now` is aware. Raises `NotFoundError` for a stage that is not declared."""
    state.pipeline.stage(stage)
    return Decision(
        (
            *forbidden(state, release, stage),
            *upstream.why_not(state, release, stage, now),
            *approvals.missing(state, release, stage),
            *_closed(state, stage, now),
            *schema.why_not(state, release, stage),
        )
    )


def forbidden(state: State, release: Release, stage: str) -> Iterator[Reason]:
    """What people said against it, which holds for a rollback too."""
    if said := state.stopped:
        what = f"{said.person} stopped the line{because(said.why)}"
        yield Reason("line", what, "`bough line resume` lets releases go on")
    if said := state.held_releases.get(release.id):
        what = f"{said.person} holds it{because(said.why)}"
        yield Reason("hold", what, f"`bough hold {release.short} --release` lets it go on")
    if said := state.held_stages.get(stage):
        what = f"{said.person} holds stage {stage}{because(said.why)}"
        yield Reason("hold", what, f"`bough hold --stage {stage} --release` opens it")
    yield from approvals.rejected(state, release, stage)


def _closed(state: State, stage: str, now: datetime) -> Iterator[Reason]:
    found = state.pipeline.stage(stage).windows
    if not found or windows.is_open(found, now):
        return
    coming = windows.opens(found, now)
    step = (
        f"wait until {coming:%A %Y-%m-%d %H:%M} {coming.tzinfo}"
        if coming
        else f"none comes any more: declare another under stages.{stage}.windows"
    )
    yield Reason("window", f"stage {stage} takes releases in its windows only", step)
