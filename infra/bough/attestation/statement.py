"""What an attestation says of which images: an in-toto Statement, version 1."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PAYLOAD_TYPE = "application/vnd.in-toto+json"
_TYPE = "https://in-toto.io/Statement/v1"
_ALGORITHM = "sha256"
_HEX = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Statement:
    """`subjects` maps a name, such as a service's, to the digest of its image, `sha256:…`."""

    subjects: Mapping[str, str]
    predicate_type: str
    predicate: Mapping[str, Any]

    @property
    def digests(self) -> frozenset[str]:
        return frozenset(self.subjects.values())

    def encode(self) -> bytes:
        """The same statement is always the same bytes. Raises `ValueError` for what JSON lacks."""
        document = {
            "_type": _TYPE,
            "subject": [_subject(*each) for each in sorted(self.subjects.items())],
            "predicateType": self.predicate_type,
            "predicate": dict(self.predicate),
        }
        return json.dumps(
            document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode()

    @classmethod
    def decode(cls, payload: bytes) -> Statement:
        """Raises `ValueError` for what is no statement about SHA-256 digests."""
        try:
            return _statement(json.loads(payload))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not an in-toto statement ({error})") from None


def _subject(name: str, digest: str) -> dict[str, Any]:
    algorithm, _, value = digest.partition(":")
    return {"name": name, "digest": {algorithm: value}}


def _statement(document: dict[str, Any]) -> Statement:
    if document["_type"] != _TYPE:
        raise ValueError(f"a statement of another type than {_TYPE}")
    found = [(each["name"], each["digest"][_ALGORITHM]) for each in document["subject"]]
    subjects = {name: f"{_ALGORITHM}:{value}" for name, value in found if _HEX.fullmatch(value)}
    if not subjects or len(subjects) < len(found):
        raise ValueError("its subjects are not images, each with a name and a SHA-256 digest")
    kind, predicate = document["predicateType"], document["predicate"]
    if not isinstance(kind, str) or not isinstance(predicate, dict):
        raise TypeError("predicate")
    return Statement(subjects, kind, predicate)
