"""May a stage go back to a release that it had before?

What it had to show to get there once is not asked for again: trouble comes outside windows too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.pipeline import rules, schema
from bough.pipeline.reason import Decision, Reason
from bough_components.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough.pipeline.state import Release, State


def decide(state: State, release: Release, stage: str) -> Decision:
    """Raises `NotFoundError` for a stage that is not declared."""
    state.pipeline.stage(stage)
    return Decision(
        (
            *rules.forbidden(state, release, stage),
            *_never_there(state, release, stage),
            *schema.why_not(state, release, stage),
        )
    )


def before(state: State, stage: str) -> Release:
    """What a stage goes back to when nobody says: the newest older release that passed there."""
    state.pipeline.stage(stage)
    for release in schema.older(state, stage):
        return release
    raise RefusedError(
        f"there is no older release that passed its gates in stage {stage}",
        f"`bough pipeline` shows which there are; `bough promote {stage}` takes another",
    )


def _never_there(state: State, release: Release, stage: str) -> Iterator[Reason]:
    known = schema.older(state, stage)
    if release in known:
        return
    current = state.current(stage)
    if current and current.release == release.id:
        yield Reason("rollback", f"stage {stage} has it already", "name an older one")
        return
    names = ", ".join(each.short for each in known[:5])
    step = f"choose one of {names}" if known else f"`bough promote {stage}` takes another"
    what = f"it is not one that passed its gates in stage {stage} before what serves there now"
    yield Reason("rollback", what, step)
