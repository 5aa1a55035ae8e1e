"""Promotions and rollbacks: decided by the pipeline's rules, then done under the stage's lock."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bough import ledger, lock, pulumi_command
from bough.pipeline import people, rules, speaking, stages, upstream
from bough.pipeline import rollback as backwards
from bough.release import chain, deployment, judging, releases, staging, stored_secrets
from bough.release.deployment import Deployment
from bough_components.errors import BlockedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bough.gates.verdict import Verdict
    from bough.pipeline.reason import Decision
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
        """Why it goes no further, a line for each gate that did not pass it."""
        return [
            f"{name}: {verdict.result}, {verdict.why}"
            for name, verdict in self.verdicts.items()
            if not verdict.passed
        ]


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
    state = _state(home, stage, name, application)
    with _at_work(home, state, stage, "promote", report) as state:
        release = _named(home, state, name) if name else _newest(state, stage)
        decision = rules.decide(state, release, stage, datetime.now(UTC))
        if glass is None:
            _require(decision, release, f"may not be promoted to {stage}", _break(stage, release))
            behind, word = chain.behind(state, release.id, stage), None
        else:
            person = people.acting(Path.cwd())
            behind, word = (
                {},
                speaking.break_glass(state, release, stage, person, glass, decision=decision),
            )
        known = releases.find(home, release.id)
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
    state = _state(home, stage, name, application)
    with _at_work(home, state, stage, "rollback", report) as state:
        release = _named(home, state, name) if name else backwards.before(state, stage)
        decision = backwards.decide(state, release, stage)
        _require(decision, release, f"cannot serve in {stage} again", None)
        chain.verify(home, releases.find(home, release.id).release, {})
        with stored_secrets.of_deployment(home, state.application, stage, release.id, report):
            return _serve(home, state, release, stage, report, rollback=True)


def _named(home: Home, state: State, name: str) -> Release:
    return state.releases[releases.find(home, name, state.application).release.id]


def _state(home: Home, stage: str, name: str | None, application: str | None) -> State:
    if name and not application:
        state, _ = stages.holding(home, name)
    else:
        state = stages.state(home, application, stage)
    state.pipeline.stage(stage)
    return state


@contextmanager
def _at_work(home: Home, state: State, stage: str, what: str, report: Report) -> Iterator[State]:
    """The stage for oneself, with all that was said until one had it."""
    slug = staging.slug_of(state.application, stage)
    with lock.held(home, slug, what, report):
        yield stages.state(home, state.application)


def _newest(state: State, stage: str) -> Release:
    """The newest that comes from where the stage takes releases."""
    for release in state.newest_first():
        if upstream.verified(state, release, stage):
            return release
    sources = ", ".join(state.pipeline.stage(stage).upstreams or ())
    raise NotFoundError(
        f"no release of {state.application} is ready for {stage}, which takes them from {sources}",
        "`bough pipeline` says where each stands",
    )


def _require(decision: Decision, release: Release, what: str, hint: str | None) -> None:
    if not decision.allowed:
        raise BlockedError(f"release {release.short} {what}", decision.sentences, hint)


def _break(stage: str, release: Release) -> str:
    return f"in an emergency: `bough promote {stage} {release.short} --break-glass WHY`"


def _serve(
    home: Home, state: State, release: Release, stage: str, report: Report, *, rollback: bool
) -> Promoted:
    before = state.current(stage)
    live = state.releases.get(state.schemas.get(stage, ""))
    # migrations only go forward: an older release works on the databases as they are
    schema = live if live and release.born < live.born else release
    wanted = Deployment(
        application=state.application, stage=stage, release=release.id, schema=schema.id
    )
    report(f"release {release.short} of {state.application} to {stage}")
    deployment.deploy(home, wanted, report, rollback=rollback)
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
