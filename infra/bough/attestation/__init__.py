"""Signed evidence: in-toto statements in DSSE envelopes, attached to images, verified offline."""

from bough.attestation.attesting import attest, withdraw
from bough.attestation.evidence import Evidence, collect, export_bundle, load_bundle
from bough.attestation.policy import Policy, VerifiedRelease, verify_release
from bough.attestation.predicates import GATE, RELEASE, gate_verdict, release_record
from bough.attestation.verifying import Verified, verify

__all__ = [
    "GATE",
    "RELEASE",
    "Evidence",
    "Policy",
    "Verified",
    "VerifiedRelease",
    "attest",
    "collect",
    "export_bundle",
    "gate_verdict",
    "load_bundle",
    "release_record",
    "verify",
    "verify_release",
    "withdraw",
]
