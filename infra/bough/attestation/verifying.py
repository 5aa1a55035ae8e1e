"""Which attestations are whose: signature, form and subject, without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough.attestation import keys as trusted
from bough.attestation.dsse import Envelope
from bough.attestation.statement import PAYLOAD_TYPE, Statement
from bough_components.errors import UnverifiedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bough.attestation.evidence import Evidence
    from bough.attestation.keys import Keys


@dataclass(frozen=True)
class Verified:
    """A statement that one of the trusted keys signed. `attestation` is its envelope's digest,
    `key` the id of the key."""

    attestation: str
    key: str
    statement: Statement


@dataclass(frozen=True)
class Problem:
    """What is wrong, and what to do next."""

    what: str
    remedy: str


CHANGED = (
    "find out who can write there; then `bough release withdraw` takes it away, and the gate that"
    " it came from must run again"
)
_FOREIGN = (
    "if that key is one of yours, trust it too (`bough release keys` writes them to a file); if"
    " not, find out who signed"
)
_MOVED = "find out who put it there; then `bough release withdraw` takes it away"
_MISSING = "have it attested, or verify against a complete bundle"


def verify(
    evidence: Iterable[Evidence],
    keys: Keys,
    digests: Collection[str],
    predicate_types: Collection[str] = (),
) -> list[Verified]:
    """Statements about images with these digests (`sha256:…`), in the order of `evidence`.

    Raises `UnverifiedError` when any piece was changed, was signed by another key or is about
    other images, and when no statement about all of them is of a wanted predicate type.
    """
    verified, problems = sift(evidence, keys)
    problems += strangers(verified, digests)
    stated = {
        each.statement.predicate_type for each in verified if each.statement.digests >= set(digests)
    }
    problems += [
        Problem(f"missing: there is no statement of type {kind}", _MISSING)
        for kind in predicate_types
        if kind not in stated
    ]
    if problems:
        raise unverified("the evidence does not stand", problems)
    return verified


def sift(evidence: Iterable[Evidence], keys: Keys) -> tuple[list[Verified], list[Problem]]:
    """What a trusted key signed, and what is wrong with the rest."""
    found = [_examined(each, keys) for each in evidence]
    return (
        [each for each in found if isinstance(each, Verified)],
        [each for each in found if isinstance(each, Problem)],
    )


def strangers(verified: Iterable[Verified], digests: Collection[str]) -> list[Problem]:
    """Statements that are about none of these images: real ones, put into a wrong place."""
    return [
        Problem(f"{each.attestation} is about other images: {', '.join(others)}", _MOVED)
        for each in verified
        if (others := sorted(each.statement.digests)) and not set(digests).intersection(others)
    ]


def unverified(what: str, problems: Collection[Problem]) -> UnverifiedError:
    remedies = "; ".join(dict.fromkeys(each.remedy for each in problems))
    return UnverifiedError(what, [each.what for each in problems], remedies)


def _examined(evidence: Evidence, keys: Keys) -> Verified | Problem:
    try:
        envelope = Envelope.decode(evidence.content)
    except ValueError as error:
        return Problem(f"{evidence.name} was changed: {error}", CHANGED)
    key = trusted.signer(envelope, keys)
    if key is None:
        return _unsigned(evidence.name, envelope, keys)
    try:
        if envelope.payload_type != PAYLOAD_TYPE:
            raise ValueError(f"its payload is of type {envelope.payload_type}")
        statement = Statement.decode(envelope.payload)
    except ValueError as error:
        return Problem(f"{evidence.name} is signed, but no statement: {error}", _MOVED)
    return Verified(envelope.digest, key, statement)


def _unsigned(name: str, envelope: Envelope, keys: Keys) -> Problem:
    """Nobody signed a key's id: it only tells which of two sentences is the likelier."""
    claimed = [each.keyid for each in envelope.signatures]
    if not claimed:
        return Problem(f"{name} is not signed", CHANGED)
    if any(each in keys for each in claimed):
        return Problem(f"{name} was changed: its signature does not fit what it says", CHANGED)
    return Problem(
        f"{name} was signed by a key that is not trusted ({', '.join(claimed) or 'unnamed'})",
        _FOREIGN,
    )
