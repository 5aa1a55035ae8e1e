"""Promotions and rollbacks: decided by the pipeline's rules, then done under the stage's lock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bough import ledger, pulumi_command
from bough.pipeline import people, rules, schema, speaking
from bough.pipeline import rollback as backwards
from bough.release import chain, choosing, deployment, judging, releases, stored_secrets
from bough.release.deployment import Deployment
from bough.release.trial import ENDED, Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bough.gates.verdict import Verdict
    from bough.pipeline.state import Release, State
    from bough_components.local.home import Home

    Report = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Promoted:
    """What a stage serves now, and what its gates said of it, by name."""

    release: str
    stage: str
    environment: str
    url: str | None
    verdicts: Mapping[str, Verdict]

    @property
    def unpassed(self) -> list[str]:
        """Why it goes no further."""
        return judging.unpassed(self.verdicts)


def promote(
    home: Home,
    stage: str,
    name: str | None,
    report: Report,
    *,
    application: str | None = None,
    glass: str | None = None,
) -> Promoted:
    """Put a release, by default the newest that may come, into a stage, and ask its gates.

    `glass` is why the rules are to be broken, which is written down with those that said no; what
    was signed is verified even then. Raises `BlockedError` with what speaks against it,
    `UnverifiedError` when its evidence does not stand, and what a deployment raises: then what
    served before still serves.
    """
    state = choosing.state(home, stage, name, application)
    with choosing.at_work(home, state, stage, "promote", report) as state:
        release = choosing.named(home, state, name) if name else choosing.newest(state, stage)
        decision = rules.decide(state, release, stage, datetime.now(UTC))
        if glass is None:
            choosing.require(
                decision, release, f"may not be promoted to {stage}", _break(stage, release)
            )
            behind, word = chain.behind(state, release.id, stage), None
        else:
            person = people.acting(Path.cwd())
            behind, word = (
                {},
                speaking.break_glass(state, release, stage, person, glass, decision=decision),
            )
        known = releases.find(home, release.id)
        deployment.require_images(home, known.release)
        chain.sign_record(home, known.release)
        chain.verify(home, known.release, behind)
        if word:
            ledger.record(home, word.event, **word.facts)
        return _serve(home, state, release, stage, report, rollback=False)


def rollback(
    home: Home, stage: str, name: str | None, report: Report, *, application: str | None = None
) -> Promoted:
    """Have a stage serve an older release again, with the secrets that it had and on the databases
    as they are. Raises like `promote`."""
    state = choosing.state(home, stage, name, application)
    with choosing.at_work(home, state, stage, "rollback", report) as state:
        release = choosing.named(home, state, name) if name else backwards.before(state, stage)
        decision = backwards.decide(state, release, stage)
        choosing.require(decision, release, f"cannot serve in {stage} again", None)
        known = releases.find(home, release.id)
        deployment.require_images(home, known.release)
        chain.verify(home, known.release, {})
        with stored_secrets.of_deployment(home, state.application, stage, release.id, report):
            return _serve(home, state, release, stage, report, rollback=True)


def _break(stage: str, release: Release) -> str:
    return f"in an emergency: `bough promote {stage} {release.short} --break-glass WHY`"


def _serve(
    home: Home, state: State, release: Release, stage: str, report: Report, *, rollback: bool
) -> Promoted:
    before, canary, began = state.current(stage), state.canaries.get(stage), time.monotonic()
    wanted = Deployment(
        application=state.application,
        stage=stage,
        release=release.id,
        schema=schema.migrating(state, release, stage).id,
    )
    report(f"release {release.short} of {state.application} to {stage}")
    deployment.deploy(home, wanted, report, rollback=rollback)
    if canary:
        result = "promoted" if canary.release == release.id else "replaced"
        ended = Trial(home=home, alone=wanted, canary=canary, report=report)
        why = f"{stage} serves release {release.short}"
        ended.note(ENDED, began, result=result, why=why)
    known = releases.find(home, release.id)
    previous = before.release if before and before.release != release.id else None
    verdicts = judging.judge(home, state, known, stage=stage, previous=previous, report=report)
    return Promoted(
        release=release.id,
        stage=stage,
        environment=wanted.slug,
        url=pulumi_command.outputs(home, wanted.slug).get("url"),
        verdicts=verdicts,
    )
