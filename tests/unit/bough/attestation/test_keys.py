import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from tests.unit.bough.attestation.signing import Signer

from bough.attestation.dsse import Envelope, Signature
from bough.attestation.keys import from_pem, key_id, signer, to_pem
from bough_components.errors import RefusedError

IN_TOTO = "application/vnd.in-toto+json"
STATEMENT = b'{"_type":"https://in-toto.io/Statement/v1"}'
# RFC 8032, section 7.1, tests 1 and 2
A = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
B = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
BY_A = "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA=="
BY_B = "c1+67/aT0yqEpwx8PsVY3MLHsj9D0CZ014/Fv/QlG59P+9CobUZ7xECJ/V3USG0Ob9CiE5LjReEZUzNF2l7eBw=="
EMPTY_BY_A = (
    "gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg=="
)


def pem(*raw: bytes) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    keys = {key_id(each): Ed25519PublicKey.from_public_bytes(each) for each in raw}
    return to_pem(keys)


def envelope(payload: bytes, *signatures: str, kind: str = IN_TOTO) -> Envelope:
    made = tuple(Signature("any", base64.b64decode(each)) for each in signatures)
    return Envelope(payload, kind, made)


@pytest.mark.parametrize(
    ("signed", "by"),
    [
        (envelope(STATEMENT, BY_A), A),
        (envelope(STATEMENT, BY_B), B),
        (envelope(STATEMENT, EMPTY_BY_A, BY_B), B),
        (envelope(b"", EMPTY_BY_A), A),
        (envelope(STATEMENT + b" ", BY_A), None),
        (envelope(STATEMENT, BY_A, kind="application/vnd.example.other+json"), None),
        (envelope(STATEMENT), None),
        (envelope(STATEMENT, "AAAA"), None),
    ],
)
def test_the_specification_s_vectors(signed: Envelope, by: bytes | None) -> None:
    trusted = from_pem(pem(A, B), "a file")
    assert signer(signed, trusted) == (key_id(by) if by else None)
    assert signer(signed, {}) is None


def test_a_file_of_keys_comes_back() -> None:
    text = pem(A, B)
    assert list(from_pem(f"# ours\n{text}", "a file")) == [key_id(A), key_id(B)]
    assert to_pem(from_pem(text, "a file")) == text


def test_only_a_public_key_belongs_into_it() -> None:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    private = Signer().private.private_bytes(*form).decode()
    with pytest.raises(
        RefusedError, match=r"keys\.pem holds a private key, not a public key"
    ) as why:
        from_pem(pem(A) + private, "keys.pem")
    assert private.splitlines()[1] not in str(why.value)


def test_a_key_of_another_kind() -> None:
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    other = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(*form).decode()
    with pytest.raises(RefusedError, match="not of type Ed25519"):
        from_pem(other, "keys.pem")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no public key in keys.pem"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA", "no public key in keys.pem"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "cannot be read"),
        ("-----BEGIN PUBLIC KEY-----\n#\n-----END PUBLIC KEY-----", "cannot be read"),
    ],
)
def test_a_file_without_keys(text: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        from_pem(text, "keys.pem")
