"""Public keys that are trusted: Vault's, or those in a file of PEM blocks."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from bough_components.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from bough.attestation.dsse import Envelope
    from bough_components.local.home import Home

    Keys: TypeAlias = Mapping[str, Ed25519PublicKey]
    """By id: the SHA-256 of the key as DER (SubjectPublicKeyInfo), in hex."""

_BLOCK = re.compile("-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \\1-----", re.DOTALL)


def of_platform(home: Home) -> Keys:
    """All versions of the platform's signing key that Vault still stands for."""
    from bough_components.local import signing

    return _by_id(_from_raw(raw) for _, raw in sorted(signing.public_keys(home).items()))


def from_pem(text: str, source: str) -> Keys:
    """Keys of a file, which `source` names in what `RefusedError` says."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    hint = "write one with `bough release keys`"
    found = []
    for block in _BLOCK.finditer(text):
        if block[1] != "PUBLIC KEY":
            raise RefusedError(f"{source} holds a {block[1].lower()}, not a public key", hint)
        try:
            key = load_pem_public_key(block[0].encode())
        except (ValueError, UnsupportedAlgorithm):
            raise RefusedError(f"a public key in {source} cannot be read", hint) from None
        if not isinstance(key, Ed25519PublicKey):
            raise RefusedError(f"a public key in {source} is not of type Ed25519", hint)
        found.append(key)
    if not found:
        raise RefusedError(f"there is no public key in {source}", hint)
    return _by_id(found)


def to_pem(keys: Keys) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return "".join(key.public_bytes(*form).decode() for key in keys.values())


def signer(envelope: Envelope, keys: Keys) -> str | None:
    """The id of a trusted key that signed an envelope; None when none did."""
    for signature in envelope.signatures:
        for name, key in keys.items():
            if _fits(key, signature.value, envelope.signed):
                return name
    return None


def key_id(raw: bytes) -> str:
    """The id of a public key of 32 bytes."""
    return next(iter(_by_id([_from_raw(raw)])))


def _fits(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _by_id(keys: Iterable[Ed25519PublicKey]) -> Keys:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {hashlib.sha256(key.public_bytes(*form)).hexdigest(): key for key in keys}


def _from_raw(raw: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(raw)
