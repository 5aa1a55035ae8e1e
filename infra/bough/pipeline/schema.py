"""Whether the databases of a stage, as the newest release there left them, can serve an older one.

Migrations only go forward: after a rollback the schema stays what it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.pipeline.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough.pipeline.state import Release, State


def why_not(state: State, release: Release, stage: str) -> Iterator[Reason]:
    """Nothing for a release that was made after the one that migrated last: it migrates."""
    for what in _unserved(state, release, stage):
        yield Reason("schema", what, _instead(state, stage))


def migrating(state: State, release: Release, stage: str) -> Release:
    """Whose databases a release would run on: its own, or, as migrations only go forward, those of
    a newer one that was there before."""
    live = state.releases.get(state.schemas.get(stage, ""))
    return live if live and release.born < live.born else release


def older(state: State, stage: str) -> list[Release]:
    """Those that passed their gates in a stage and are older than what stands there, newest
    first."""
    stay = state.current(stage)
    if stay is None:
        return []
    born = state.releases[stay.release].born
    ran = [
        release
        for release in state.releases.values()
        if release.born < born and any(each.passed for each in state.in_stage(release.id, stage))
    ]
    return sorted(ran, key=lambda each: each.born, reverse=True)


def safe(state: State, stage: str) -> Release | None:
    """The newest of them that the live schema serves."""
    known = older(state, stage)
    return next((each for each in known if not any(_unserved(state, each, stage))), None)


def _unserved(state: State, release: Release, stage: str) -> Iterator[str]:
    live = state.releases.get(state.schemas.get(stage, ""))
    return unserved(state, release, live) if live else iter(())


def unserved(state: State, release: Release, live: Release) -> Iterator[str]:
    """What is wrong with each database that would not serve a release once another one, made
    after it, has migrated them."""
    if release.born >= live.born:
        return
    for need, revision in release.schema.items():
        now = live.schema.get(need)
        if now is None:
            yield f"it needs database {need}, which release {live.short} took away"
        elif revision != now and revision not in state.serves.get(now, ()):
            yield (
                f"no migration gate has shown that it works on database {need} as release"
                f" {live.short} left it"
            )


def _instead(state: State, stage: str) -> str:
    found = safe(state, stage)
    if found is None:
        return "no older release is safe here: mend it and push a new one"
    return f"the newest that is safe is {found.short}: `bough rollback {stage} {found.short}`"
