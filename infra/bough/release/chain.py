"""The signed evidence of a release: written as it goes through stages, verified before the next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bough import attestation
from bough.attestation.keys import of_platform
from bough.config.stages import BRANCH
from bough.pipeline import upstream

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bough.gates.interface import Gate
    from bough.gates.subject import Subject
    from bough.gates.verdict import Verdict
    from bough.pipeline.state import State
    from bough.release.record import Release
    from bough_components.local.home import Home


def sign_record(home: Home, release: Release) -> None:
    """Attach a release's record to its images; once signed, it stays as it is."""
    predicate = attestation.release_record(release)
    attestation.attest(home, release.images, attestation.RELEASE, predicate)


def sign_verdict(subject: Subject, gate: Gate, verdict: Verdict) -> str:
    """Attach a gate's verdict to the images that it is about; the attestation's digest."""
    predicate = attestation.gate_verdict(
        release=subject.release.id,
        stage=subject.stage,
        gate=gate.name,
        kind=gate.kind,
        verdict=verdict.result,
        why=verdict.why,
        evidence=verdict.evidence,
        at=datetime.now(UTC),
    )
    images: dict[str, str] = subject.release.record["images"]
    return attestation.attest(subject.home, images, attestation.GATE, predicate)


def verify(home: Home, release: Release, gates: Mapping[str, Collection[str]]) -> None:
    """Raises `UnverifiedError` unless the record and a PASS of each of these gates, by stage, are
    there, whole, and signed by this platform."""
    evidence = attestation.collect(home, release.images)
    policy = attestation.Policy(gates=gates)
    attestation.verify_release(evidence, of_platform(home), release.id, policy)


def behind(state: State, release: str, stage: str) -> dict[str, Collection[str]]:
    """The gates that a release passed on its way to a stage, by stage: what must be signed."""
    found: dict[str, Collection[str]] = {}
    waiting = [stage]
    while waiting:
        for each in state.pipeline.stage(waiting.pop()).upstreams or ():
            if each == BRANCH or each in found:
                continue
            if any(upstream.passed(state, stay) for stay in state.in_stage(release, each)):
                found[each] = state.pipeline.stage(each).gates
                waiting.append(each)
    return {name: gates for name, gates in found.items() if gates}
