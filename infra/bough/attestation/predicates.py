"""What bough itself attests; any other predicate type may be attested as well.

The names are URNs: they identify, and nobody's server stands behind them.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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


def release_record(release: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The predicate of type `RELEASE`; `release` is `name_of(record)`."""
    return {"release": release, "record": dict(record)}


def name_of(record: Mapping[str, Any]) -> str:
    """A release's name: the SHA-256 of its canonical record (docs/adr/0029), 64 hex digits."""
    canonical = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
