"""What a platform's ledger says of stages now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bough import ledger
from bough.pipeline.declaration import DECLARED, Pipeline, follows
from bough.pipeline.projecting import KINDS, project
from bough.release import releases
from bough_components.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough.config import Application
    from bough.config.stages import Stage
    from bough.pipeline.state import Release, State
    from bough_components.local.home import Home


def new_declaration(home: Home, application: Application, branch: str) -> dict[str, Any] | None:
    """The facts of what a branch's bough.yaml newly says of stages; None when it says nothing new,
    or the branch is not trusted with them."""
    return follows(_declaration(home, application.application), application, branch)


def of(home: Home, application: str, stage: str) -> Stage:
    """What was declared of a stage. Raises `NotFoundError`."""
    event = _declaration(home, application)
    return (Pipeline.of(event) if event else Pipeline()).stage(stage)


def states(home: Home) -> dict[str, State]:
    """Of every application."""
    return project(ledger.events(home, *KINDS))


def state(home: Home, application: str | None = None, stage: str | None = None) -> State:
    """Of the application that is named, or else the only one, or the only one with such a stage.

    Raises `NotFoundError` when there is none, `UsageError` when there are several.
    """
    known = states(home)
    if application:
        if application not in known:
            names = ", ".join(known) or "none"
            raise NotFoundError(
                f"nothing is known of an application {application!r}; there are: {names}",
                "name one of them, or deploy a branch of it",
            )
        return known[application]
    fitting = [each for each in known.values() if not stage or stage in each.pipeline.stages]
    if len(fitting) > 1:
        names = ", ".join(each.application for each in fitting)
        raise UsageError(f"several applications may be meant: {names}", "name one of them")
    if not fitting:
        what = f"a stage {stage!r}" if stage else "any release"
        raise NotFoundError(
            f"no application has {what}",
            "declare `stages` in bough.yaml, and deploy that on a protected branch",
        )
    return fitting[0]


def holding(home: Home, name: str) -> tuple[State, Release]:
    """The release whose name begins so, and the state of its application. Raises `NotFoundError`
    or `UsageError`."""
    found = releases.find(home, name).release
    state = states(home)[found.application]
    return state, state.releases[found.id]


def _declaration(home: Home, application: str) -> Mapping[str, Any] | None:
    newest = None
    for event in ledger.events(home, DECLARED, application=application):
        newest = event
    return newest
