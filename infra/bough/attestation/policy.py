"""Whether what was attested suffices for a release: its record, and the gates that it passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bough.attestation.predicates import GATE, RELEASE, name_of
from bough.attestation.verdicts import unpassed
from bough.attestation.verifying import Problem, sift, strangers, unverified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bough.attestation.evidence import Evidence
    from bough.attestation.keys import Keys
    from bough.attestation.statement import Statement
    from bough.attestation.verifying import Verified

DIGITS = 12
"""The fewest digits of a release's name that stand for it."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What must have been attested.

    `gates` maps a stage to the gates whose newest verdict there must be PASS (None: of every gate
    that gave one), `predicate_types` is what else must have been stated, `maximum_age` for how long
    a verdict is good.
    """

    gates: Mapping[str, Collection[str]] | None = None
    predicate_types: Collection[str] = ()
    maximum_age: timedelta | None = None


@dataclass(frozen=True)
class VerifiedRelease:
    """A release as its attestations have it; `statements` are those about it, in their order."""

    name: str
    record: Mapping[str, Any]
    statements: tuple[Verified, ...]


def verify_release(
    evidence: Iterable[Evidence],
    keys: Keys,
    release: str,
    policy: Policy,
    now: datetime | None = None,
) -> VerifiedRelease:
    """Hold the evidence of a release, named by twelve digits at least, against a policy.

    The name is the record's hash, the record names the images, and each statement must be about
    these: so who trusts the keys and the name trusts the chain, and asks nobody. Raises
    `UnverifiedError` with everything that is missing, changed, of another key, or expired.
    """
    verified, problems = sift(evidence, keys)
    refused = f"the evidence of release {release[:DIGITS]} does not stand"
    recorded = _recorded(verified, release)
    if recorded is None:
        raise unverified(refused, [*problems, _UNRECORDED])
    record = recorded.predicate["record"]
    found = VerifiedRelease(name_of(record), record, _about(verified, recorded, name_of(record)))
    problems += strangers(verified, recorded.digests)
    problems += _unmet(found.statements, policy, now or datetime.now(UTC))
    if problems:
        raise unverified(refused, problems)
    return found


_UNRECORDED = Problem(
    "missing: the record of that release, signed by a trusted key and about its own images",
    "give all that is attached to it, or its whole bundle",
)


def _recorded(verified: Iterable[Verified], release: str) -> Statement | None:
    """The statement that holds the record which has this name, and is about its images."""
    for statement in (each.statement for each in verified):
        record = statement.predicate.get("record")
        if (
            statement.predicate_type == RELEASE
            and isinstance(record, dict)
            and len(release) >= DIGITS
            and name_of(record).startswith(release)
            and statement.digests == _digests(record)
        ):
            return statement
    return None


def _digests(record: dict[str, Any]) -> set[str]:
    images = record.get("images")
    values = images.values() if isinstance(images, dict) else ()
    return {str(image).partition("@")[2] for image in values}


def _about(verified: Iterable[Verified], recorded: Statement, name: str) -> tuple[Verified, ...]:
    """An image may be part of several releases: a statement that names one is about that one, and
    about all of its images."""
    return tuple(
        each
        for each in verified
        if (
            each.statement.predicate.get("release") == name
            and each.statement.digests == recorded.digests
        )
        or (
            "release" not in each.statement.predicate and each.statement.digests <= recorded.digests
        )
    )


def _unmet(about: Iterable[Verified], policy: Policy, now: datetime) -> list[Problem]:
    stated = [each.statement for each in about]
    missing = [
        Problem(f"missing: a statement of type {kind}", "have it attested")
        for kind in policy.predicate_types
        if kind not in {each.predicate_type for each in stated}
    ]
    verdicts = [each.predicate for each in stated if each.predicate_type == GATE]
    return missing + unpassed(verdicts, policy.gates, policy.maximum_age, now)
