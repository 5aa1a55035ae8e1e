"""A release beside the one that serves in a stage: started, given clients, taken back (ADR 34)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bough import pulumi_command, registry
from bough.pipeline import canary as rules
from bough.pipeline import schema
from bough.release import chain, choosing, deployment, releases, staging
from bough.release.canary import Canary
from bough.release.deployment import Deployment
from bough.release.trial import Trial
from bough_components.errors import RefusedError
from bough_components.local import edge

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.pipeline.state import State
    from bough_components.local.home import Home

    Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a stage serves now; `canary` is None once it was taken back."""

    stage: str
    environment: str
    url: str | None
    release: str
    canary: Canary | None


def start(
    home: Home,
    stage: str,
    name: str | None,
    report: Report,
    *,
    instances: int,
    share: float,
    application: str | None = None,
) -> Tried:
    """Have a release, by default the newest that may come, serve on some of a stage's instances:
    asked by the stage's gates before any client comes to it, then for `share` percent of them.

    Raises `BlockedError` with what speaks against it; what a deployment raises, or `BlockedError`
    with what its gates said, once it was taken back.
    """
    state = choosing.state(home, stage, name, application)
    with choosing.at_work(home, state, stage, "canary start", report) as state:
        release = choosing.named(home, state, name) if name else choosing.newest(state, stage)
        decision = rules.decide(state, release, stage, datetime.now(UTC))
        choosing.require(decision, release, f"may not be tried in {stage}", None)
        known = releases.find(home, release.id)
        deployment.require_images(home, known.release)
        chain.sign_record(home, known.release)
        chain.verify(home, known.release, chain.behind(state, release.id, stage))
        migrated = schema.migrating(state, release, stage).id
        alone = replace(_alone(home, state, stage), schema=migrated)
        canary = Canary(release=release.id, instances=instances)
        trial = Trial(home=home, alone=alone, canary=canary, report=report)
        # refuses what cannot stand side by side before anything is done
        trial.both.spec(home)
        report(f"release {release.short} beside {alone.release[:12]} in {stage}")
        trial.begin()
        trial.ask(state)
        return _tried(trial.widened(share) if share else trial)


def share(
    home: Home, stage: str, percent: float, report: Report, *, application: str | None = None
) -> Tried:
    """Give a canary another share of the clients; no more than it has while somebody holds it, or
    stopped the line."""
    state = choosing.state(home, stage, None, application)
    with choosing.at_work(home, state, stage, "canary share", report) as state:
        canary = rules.running(state, stage)
        if percent > canary.share:
            decision = rules.widen(state, canary, stage)
            what = f"may not get more of the clients of {stage}"
            choosing.require(decision, state.releases[canary.release], what, None)
        alone = _alone(home, state, stage)
        trial = Trial(home=home, alone=alone, canary=canary, report=report)
        return _tried(trial.widened(percent))


def stop(
    home: Home, stage: str, why: str, report: Report, *, application: str | None = None
) -> Tried:
    """Take a canary's clients away at once, whoever is at work there, then its instances."""
    _silence(home, stage, application)
    state = choosing.state(home, stage, None, application)
    with choosing.at_work(home, state, stage, "canary stop", report) as state:
        alone = _alone(home, state, stage)
        left = registry.find(home, alone.slug)
        canary = (left and left.canary) or rules.running(state, stage)
        trial = Trial(home=home, alone=alone, canary=canary, report=report)
        trial.take_back("stopped", why)
        return replace(_tried(trial), canary=None)


def _silence(home: Home, stage: str, application: str | None) -> None:
    """Asked of nobody but the edge, and before anything is waited for."""
    found = [
        record.slug
        for record in registry.every(home)
        if record.stage == stage and application in (None, record.application)
    ]
    if len(found) == 1:
        edge.stop_canary(home, found[0])


def _alone(home: Home, state: State, stage: str) -> Deployment:
    """What a stage serves, without a canary."""
    record = registry.find(home, staging.slug_of(state.application, stage))
    if record is None:
        raise RefusedError(
            f"nothing was ever promoted to {stage}", f"run `bough promote {stage}` first"
        )
    return replace(Deployment.of(record), canary=None)


def _tried(trial: Trial) -> Tried:
    return Tried(
        stage=trial.alone.stage,
        environment=trial.alone.slug,
        url=pulumi_command.outputs(trial.home, trial.alone.slug).get("url"),
        release=trial.alone.release,
        canary=trial.canary,
    )
