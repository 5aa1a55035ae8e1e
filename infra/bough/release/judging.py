"""Asking the gates of a stage about the release that was just deployed there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bough import pulumi_command
from bough.gates import running
from bough.gates.declared import gate
from bough.gates.subject import Release as Judged
from bough.gates.subject import Serving, Subject
from bough.release import chain, releases, staging
from bough_components import spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bough.gates.verdict import Verdict
    from bough.pipeline.state import State
    from bough.release.releases import Known
    from bough_components.local.home import Home


def judge(
    home: Home,
    state: State,
    known: Known,
    *,
    stage: str,
    previous: str | None,
    report: Callable[[str], None],
    headers: Mapping[str, str] | None = None,
) -> dict[str, Verdict]:
    """Run every gate of a stage on the release that serves there; verdicts by name, each of them
    in the ledger and signed. `state` is of before the deployment, `previous` what served then;
    `headers` lead a request to the release, where it does not serve alone."""
    pipeline = state.pipeline
    slug = staging.slug_of(state.application, stage)
    subject = Subject(
        home=home,
        release=_judged(known),
        stage=stage,
        environment=slug,
        url=pulumi_command.outputs(home, slug).get("url"),
        headers=headers or {},
        previous=_judged(releases.find(home, previous)) if previous else None,
        ahead=tuple(
            Serving(
                stage=name,
                environment=staging.slug_of(state.application, name),
                release=_serving(home, state, name),
            )
            for name, each in pipeline.stages.items()
            if stage in (each.upstreams or ())
        ),
        report=report,
    )
    gates = [gate(name, pipeline.gates[name]) for name in pipeline.stage(stage).gates]
    return running.run_all(home, gates, subject, chain.sign_verdict)


def unpassed(verdicts: Mapping[str, Verdict]) -> list[str]:
    """Why a release goes no further, a line for each gate that did not pass it."""
    return [
        f"{name}: {verdict.result}, {verdict.why}"
        for name, verdict in verdicts.items()
        if not verdict.passed
    ]


def _serving(home: Home, state: State, stage: str) -> Judged | None:
    stay = state.current(stage)
    return _judged(releases.find(home, stay.release)) if stay else None


def _judged(known: Known) -> Judged:
    databases: list[Mapping[str, Any]] = known.description["databases"]
    return Judged(
        id=known.release.id,
        record=asdict(known.release),
        migrations={
            each["name"]: spec.Step(
                service=each["migrations"]["service"],
                command=tuple(each["migrations"]["command"]),
            )
            for each in databases
            if each["migrations"]
        },
        config=known.description["config"],
    )
