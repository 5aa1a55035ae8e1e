"""What `bough pipeline` shows of a state. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bough.config.stages import BRANCH
from bough.pipeline import rules, upstream
from bough.pipeline.approvals import because

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bough.pipeline.state import Release, Said, State


NEWEST = 10
"""Releases that are shown wherever they are."""

_WAITS = {"approvals", "soak", "window"}
"""Rules that people or time satisfy, and nothing has to be mended for."""


def shown(state: State, now: datetime, *, everything: bool = False) -> dict[str, Any]:
    """Where all stands as plain data, newest release first; of the releases those that matter, and
    how many are left out, unless it is to be `everything`."""
    releases = [_release(state, each, now) for each in state.newest_first()]
    kept = [
        each
        for number, each in enumerate(releases)
        if everything or number < NEWEST or _matters(each)
    ]
    return {
        "application": state.application,
        "stopped": state.stopped and _said(state.stopped),
        "stages": [_stage(state, stage) for stage in state.pipeline.stages],
        "releases": kept,
        "left_out": len(releases) - len(kept),
    }


def notices(state: State) -> Iterator[str]:
    """What holds for more than one release."""
    if said := state.stopped:
        yield f"{said.person} stopped the line{because(said.why)}; `bough line resume`"
    for stage, said in state.held_stages.items():
        yield f"{said.person} holds stage {stage}{because(said.why)}"
    for stage, canary in state.canaries.items():
        ends = (
            f"`bough promote {stage} {canary.release[:12]}` or `bough canary stop {stage}` ends it"
        )
        yield f"stage {stage} has a canary, {canary}; {ends}"
    for stage, release in state.turned_back.items():
        settings = state.pipeline.stages.get(stage)
        if settings and settings.auto:
            newest = f"`bough promote {stage}` of the newest starts that again"
            yield f"stage {stage} went back to {release[:12]}: nothing follows by itself; {newest}"


def _stage(state: State, stage: str) -> dict[str, Any]:
    stay = state.current(stage)
    return {
        "stage": stage,
        "from": list(state.pipeline.stages[stage].upstreams or ()),
        "release": stay and stay.release,
        "since": stay and stay.since.isoformat(),
        "verified": bool(stay and upstream.passed(state, stay)),
        "canary": canary.facts if (canary := state.canaries.get(stage)) else None,
        "held": _said(said) if (said := state.held_stages.get(stage)) else None,
        "automatic": state.pipeline.stages[stage].auto and stage not in state.turned_back,
    }


def _release(state: State, release: Release, now: datetime) -> dict[str, Any]:
    return {
        "release": release.id,
        "commit": release.commit,
        "branch": release.branch,
        "at": release.at.isoformat(),
        "stands": [*_stands(state, release)],
        "next": [*_next(state, release, now)],
    }


def _matters(release: dict[str, Any]) -> bool:
    """Whether it stands somewhere, may go somewhere, or only waits for that."""
    lacks = [{reason["rule"] for reason in step["reasons"]} for step in release["next"]]
    return bool(release["stands"]) or any(each <= _WAITS for each in lacks)


def _stands(state: State, release: Release) -> Iterator[str]:
    for stay in state.stays.get(release.id, ()):
        if stay.until is None and stay.stage is None:
            yield f"{BRANCH} {stay.branch}"
        elif stay.until is None:
            yield f"{stay.stage}{'' if upstream.passed(state, stay) else ' (not verified)'}"
    for stage, canary in state.canaries.items():
        if canary.release == release.id:
            yield f"{stage} (canary, {canary.share:g} %)"


def _next(state: State, release: Release, now: datetime) -> Iterator[dict[str, Any]]:
    """The stages that it could go to from where it was, unless they have it, or a newer one."""
    for stage in state.pipeline.stages:
        if not _came_near(state, release, stage) or _is_past(state, release, stage):
            continue
        decision = rules.decide(state, release, stage, now)
        failed = state.failed.get((release.id, stage))
        yield {
            "stage": stage,
            "allowed": decision.allowed,
            "reasons": [vars(reason) for reason in decision.reasons],
            "failed": failed,
        }


def _came_near(state: State, release: Release, stage: str) -> bool:
    settings = state.pipeline.stages[stage]
    return any(
        state.in_branches(release.id, settings.branches or ())
        if each == BRANCH
        else state.in_stage(release.id, each)
        for each in settings.upstreams or ()
    )


def _is_past(state: State, release: Release, stage: str) -> bool:
    stay = state.current(stage)
    return bool(stay and state.rank(stay.release) >= state.rank(release.id))


def _said(said: Said) -> dict[str, str]:
    return {"who": str(said.person), "at": said.at.isoformat(), "why": said.why}
