"""Whether the stages that a release comes from have verified it, and had it for long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.config.fields import span
from bough.config.stages import BRANCH
from bough.pipeline.reason import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, timedelta

    from bough.config.stages import Stage
    from bough.pipeline.state import Release, State, Stay

GOOD = "PASS"


def verified(state: State, release: Release, stage: str) -> bool:
    """Whether the stages before this one have verified a release, however long they had it."""
    return not why_not(state, release, stage)


def why_not(
    state: State, release: Release, stage: str, now: datetime | None = None
) -> list[Reason]:
    """What a release lacks to come from where the stage takes it; its soak too with `now`."""
    settings = state.pipeline.stage(stage)
    lacking = [
        list(_lacking(state, release, settings, upstream, now))
        for upstream in settings.upstreams or ()
    ]
    if settings.require == "all":
        return [reason for reasons in lacking for reason in reasons]
    # of those that would be enough, the one that lacks least
    return min(lacking, key=_distance, default=[])


def passed(state: State, stay: Stay) -> bool:
    """Whether every gate of its stage passed a release since its deployment there."""
    stage = state.pipeline.stages.get(stay.stage or "")
    return stage is not None and all(
        gate in stay.verdicts and stay.verdicts[gate].result == GOOD for gate in stage.gates
    )


def _distance(reasons: Sequence[Reason]) -> tuple[int, int]:
    return sum(reason.rule == "upstream" for reason in reasons), len(reasons)


def _lacking(
    state: State, release: Release, settings: Stage, upstream: str, now: datetime | None
) -> Iterator[Reason]:
    if upstream == BRANCH:
        stays = state.in_branches(release.id, settings.branches or ())
        yield from [] if stays else [_never_served(settings.branches or ())]
    else:
        stays = state.in_stage(release.id, upstream)
        yield from _unverified(state, release, stays, upstream)
    if stays and now and settings.soak:
        where = "a branch's environment" if upstream == BRANCH else f"stage {upstream}"
        yield from _soak(stays, where, settings.soak, now)


def _never_served(branches: Sequence[str]) -> Reason:
    where = f"of {' or '.join(branches)}" if branches else "of a branch"
    step = f"push it to {branches[0]}" if branches else "push it to one"
    return Reason("upstream", f"it never served in the environment {where}", step)


def _unverified(
    state: State, release: Release, stays: Sequence[Stay], stage: str
) -> Iterator[Reason]:
    promote = f"`bough promote {stage} {release.short}`"
    if not stays:
        yield Reason("upstream", f"it never was in stage {stage}", f"first {promote}")
        return
    for gate in state.pipeline.stage(stage).gates:
        if lacking := _not_passed(stays[-1], gate, promote):
            yield lacking
    if "upstream" in stays[-1].glass:
        for reason in why_not(state, release, stage):
            what = f"it came into stage {stage} by breaking glass: {reason.what}"
            yield Reason("upstream", what, reason.step)


def _not_passed(stay: Stay, gate: str, promote: str) -> Reason | None:
    verdict = stay.verdicts.get(gate)
    where = f"gate {gate} in stage {stay.stage}"
    if verdict is None:
        what = f"{where} has said nothing of it since it was deployed there"
        return Reason("upstream", what, f"{promote} runs its gates")
    if verdict.result == GOOD:
        return None
    if verdict.result == "FAIL":
        return Reason("upstream", f"{where} failed it ({verdict.why})", "mend that and push it")
    what = f"{where} could not judge it ({verdict.why})"
    return Reason("upstream", what, f"see to that, then {promote} runs its gates again")


def _soak(stays: Sequence[Stay], where: str, soak: str, now: datetime) -> Iterator[Reason]:
    wanted = span(soak)
    longest = max(stay.lasted(now) for stay in stays)
    if longest >= wanted:
        return
    what = f"it stayed in {where} for {_told(longest)} of {soak} without a break"
    if stays[-1].until is None:
        enough = stays[-1].since + wanted
        yield Reason("soak", what, f"wait until {enough:%Y-%m-%d %H:%M:%S} UTC")
    else:
        yield Reason("soak", what, "have it serve there again, and leave it")


def _told(lasted: timedelta) -> str:
    return f"{int(lasted.total_seconds() // 60)} min"
