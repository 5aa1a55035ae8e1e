"""A signer with a key of its own, and evidence made as bough makes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bough.attestation.dsse import Envelope, Signature, pae
from bough.attestation.evidence import Evidence
from bough.attestation.keys import key_id
from bough.attestation.predicates import GATE, RELEASE, gate_verdict, release_record
from bough.attestation.statement import PAYLOAD_TYPE, Statement
from bough.release.record import Release

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough.attestation.keys import Keys

WEB, WORKER, OTHER = (f"sha256:{letter * 64}" for letter in "abc")
NOTES = Release(
    application="notes",
    commit="1" * 40,
    tree="2" * 40,
    images={"web": f"notes@{WEB}", "worker": f"notes@{WORKER}"},
    configuration="3" * 64,
    schema={"db": "4" * 64},
)
NAME = NOTES.id
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Signer:
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def id(self) -> str:
        return key_id(self.private.public_key().public_bytes_raw())

    @property
    def keys(self) -> Keys:
        return {self.id: self.private.public_key()}

    def envelope(self, payload: bytes, payload_type: str = PAYLOAD_TYPE) -> Envelope:
        signature = Signature(self.id, self.private.sign(pae(payload_type, payload)))
        return Envelope(payload, payload_type, (signature,))

    def evidence(self, statement: Statement) -> Evidence:
        envelope = self.envelope(statement.encode())
        return Evidence(envelope.digest, envelope.encode())

    def state(
        self, kind: str, predicate: Mapping[str, Any], images: Mapping[str, str] | None = None
    ) -> Evidence:
        return self.evidence(Statement(images or {"web": WEB, "worker": WORKER}, kind, predicate))

    def record(self, release: Release = NOTES) -> Evidence:
        images = {name: image.partition("@")[2] for name, image in release.images.items()}
        return self.state(RELEASE, release_record(release), images)

    def verdict(self, verdict: str = "PASS", **other: Any) -> Evidence:
        facts = {"release": NAME, "stage": "test", "gate": "unit", "kind": "checks", "at": NOON}
        images = other.pop("images", None)
        said = {"verdict": verdict, "why": "a reason", "evidence": {}}
        return self.state(GATE, gate_verdict(**{**facts, **said, **other}), images)
