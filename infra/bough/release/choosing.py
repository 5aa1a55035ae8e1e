"""Which release a command means, for which stage, and the stage for oneself meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bough import lock
from bough.pipeline import stages, upstream
from bough.release import releases, staging
from bough_components.errors import BlockedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bough.pipeline.reason import Decision
    from bough.pipeline.state import Release, State
    from bough_components.local.home import Home


def state(home: Home, stage: str, name: str | None, application: str | None) -> State:
    """Of the application that is meant by a release's name, its own, or a stage that only it has.
    Raises `NotFoundError` and `UsageError`."""
    if name and not application:
        found, _ = stages.holding(home, name)
    else:
        found = stages.state(home, application, stage)
    found.pipeline.stage(stage)
    return found


@contextmanager
def at_work(
    home: Home, state: State, stage: str, what: str, report: Callable[[str], None]
) -> Iterator[State]:
    """The stage for oneself, with all that was said until one had it."""
    slug = staging.slug_of(state.application, stage)
    with lock.held(home, slug, what, report):
        yield stages.state(home, state.application)


def named(home: Home, state: State, name: str) -> Release:
    return state.releases[releases.find(home, name, state.application).release.id]


def newest(state: State, stage: str) -> Release:
    """The newest that comes from where the stage takes releases."""
    for release in state.newest_first():
        if upstream.verified(state, release, stage):
            return release
    sources = ", ".join(state.pipeline.stage(stage).upstreams or ())
    raise NotFoundError(
        f"no release of {state.application} is ready for {stage}, which takes them from {sources}",
        "`bough pipeline` says where each stands",
    )


def require(decision: Decision, release: Release, what: str, hint: str | None) -> None:
    """`BlockedError` with all that speaks against it."""
    if not decision.allowed:
        raise BlockedError(f"release {release.short} {what}", decision.sentences, hint)
