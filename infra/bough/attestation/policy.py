"""Whether what was attested suffices for a release: its record, and the gates that it passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bough.attestation.predicates import GATE, recorded
from bough.attestation.verdicts import unpassed
from bough.attestation.verifying import Problem, sift, strangers, unverified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bough.attestation.evidence import Evidence
    from bough.attestation.keys import Keys
    from bough.attestation.statement import Statement
    from bough.attestation.verifying import Verified
    from bough.release.record import Release

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

    release: Release
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
    found = _recorded(verified, release)
    if found is None:
        raise unverified(refused, [*problems, _UNRECORDED])
    about = tuple(each for each in verified if _is_about(each.statement, found))
    problems += strangers(verified, found.digests)
    problems += _unmet(about, policy, now or datetime.now(UTC))
    if problems:
        raise unverified(refused, problems)
    return VerifiedRelease(found, about)


_UNRECORDED = Problem(
    "missing: the record of that release, signed by a trusted key and about its own images",
    "give all that is attached to it, or its whole bundle",
)


def _recorded(verified: Iterable[Verified], name: str) -> Release | None:
    found = (recorded(each.statement) for each in verified)
    return next((each for each in found if each and _means(name, each)), None)


def _means(name: str, release: Release) -> bool:
    return len(name) >= DIGITS and release.id.startswith(name)


def _is_about(statement: Statement, release: Release) -> bool:
    """An image may be part of several releases: a statement that names one is about that one, and
    about all of its images."""
    if "release" in statement.predicate:
        is_named = statement.predicate["release"] == release.id
        return is_named and statement.digests == release.digests
    return statement.digests <= release.digests


def _unmet(about: Iterable[Verified], policy: Policy, now: datetime) -> list[Problem]:
    stated = [each.statement for each in about]
    missing = [
        Problem(f"missing: a statement of type {kind}", "have it attested")
        for kind in policy.predicate_types
        if kind not in {each.predicate_type for each in stated}
    ]
    verdicts = [each.predicate for each in stated if each.predicate_type == GATE]
    return missing + unpassed(verdicts, policy.gates, policy.maximum_age, now)
