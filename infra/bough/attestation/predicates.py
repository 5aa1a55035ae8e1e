"""What bough itself attests; any other predicate type may be attested as well.

The names are URNs: they identify, and nobody's server stands behind them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bough.release.record import Release

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bough.attestation.statement import Statement

GATE = "urn:bough:gate:v1"
"""A gate's verdict on a release in a stage."""

RELEASE = "urn:bough:release:v1"
"""The record that a release's name is the hash of."""


def gate_verdict(
    *,
    release: str,
    stage: str,
    gate: str,
    kind: str,
    verdict: str,
    why: str,
    evidence: Mapping[str, Any],
    at: datetime,
) -> dict[str, Any]:
    """The predicate of type `GATE`; the words are the ledger's, `at` is when the gate ended."""
    return {
        "release": release,
        "stage": stage,
        "gate": gate,
        "kind": kind,
        "verdict": verdict,
        "why": why,
        "evidence": dict(evidence),
        "at": at.isoformat(),
    }


def release_record(release: Release) -> dict[str, Any]:
    """The predicate of type `RELEASE`."""
    return {"release": release.id, "record": asdict(release)}


def recorded(statement: Statement) -> Release | None:
    """The release whose record a statement of type `RELEASE` holds; None when it holds none, or is
    about other images than that release's."""
    record = statement.predicate.get("record")
    if statement.predicate_type != RELEASE or not isinstance(record, dict):
        return None
    try:
        release = Release(**record)
        return release if release.digests == statement.digests else None
    except (AttributeError, TypeError):
        return None
