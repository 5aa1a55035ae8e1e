"""Envelopes: a payload with signatures over it and its type.

Source: Dead Simple Signing Envelope (DSSE) 1.0, protocol and JSON envelope.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

MEDIA_TYPE = "application/vnd.dsse.envelope.v1+json"


@dataclass(frozen=True)
class Signature:
    """`keyid` is a hint that nobody signed: it may choose a message, never decide."""

    keyid: str
    value: bytes


@dataclass(frozen=True)
class Envelope:
    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]

    @property
    def signed(self) -> bytes:
        """The bytes that every signature is over."""
        return pae(self.payload_type, self.payload)

    @property
    def digest(self) -> str:
        """`sha256:…` of the encoded envelope: an attestation's name."""
        return f"sha256:{hashlib.sha256(self.encode()).hexdigest()}"

    def encode(self) -> bytes:
        """JSON on one line."""
        signatures = [{"keyid": each.keyid, "sig": _b64(each.value)} for each in self.signatures]
        document = {
            "payload": _b64(self.payload),
            "payloadType": self.payload_type,
            "signatures": signatures,
        }
        return json.dumps(document, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, content: bytes) -> Envelope:
        """Raises `ValueError` for what is no envelope."""
        try:
            return _envelope(json.loads(content))
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a DSSE envelope ({error})") from None


def pae(payload_type: str, payload: bytes) -> bytes:
    """Pre-authentication encoding; lengths are in bytes."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _envelope(document: dict[str, Any]) -> Envelope:
    payload_type = document["payloadType"]
    if not isinstance(payload_type, str):
        raise TypeError("payloadType")
    signatures = tuple(
        Signature(str(each.get("keyid", "")), _unb64(each["sig"]))
        for each in document["signatures"]
    )
    return Envelope(_unb64(document["payload"]), payload_type, signatures)


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _unb64(text: str) -> bytes:
    """Either alphabet, as the specification demands."""
    try:
        return base64.b64decode(text.translate(_STANDARD), validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64 ({error})") from None


_STANDARD = str.maketrans("-_", "+/")
