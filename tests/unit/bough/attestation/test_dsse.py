"""Envelopes, against the specification's own example and vectors (RFC 8032's test keys)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bough.attestation.dsse import Envelope, Signature, pae

IN_TOTO = "application/vnd.in-toto+json"
STATEMENT = b'{"_type":"https://in-toto.io/Statement/v1"}'
TYPES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ENVELOPES = st.builds(
    Envelope,
    st.binary(max_size=100),
    TYPES,
    st.lists(st.builds(Signature, TYPES, st.binary(max_size=64)), max_size=3).map(tuple),
)


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        (
            "http://example.com/HelloWorld",
            b"hello world",
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        ),
        (IN_TOTO, STATEMENT, b"DSSEv1 28 application/vnd.in-toto+json 43 " + STATEMENT),
        (IN_TOTO, b"", b"DSSEv1 28 application/vnd.in-toto+json 0 "),
        ("", STATEMENT, b"DSSEv1 0  43 " + STATEMENT),
        (
            IN_TOTO,
            bytes.fromhex("fbffbf3e3f"),
            b"DSSEv1 28 " + IN_TOTO.encode() + b" 5 \xfb\xff\xbf>?",
        ),
        (
            "application/vnd.exämple+json",
            b"x",
            b"DSSEv1 29 application/vnd.ex\xc3\xa4mple+json 1 x",
        ),
    ],
)
def test_what_is_signed(kind: str, payload: bytes, expected: bytes) -> None:
    assert pae(kind, payload) == expected


@given(TYPES, st.binary(max_size=30), TYPES, st.binary(max_size=30))
def test_no_two_contents_are_signed_alike(a: str, b: bytes, c: str, d: bytes) -> None:
    assert (pae(a, b) == pae(c, d)) == ((a, b) == (c, d))


@given(ENVELOPES)
def test_an_envelope_comes_back_from_its_line(envelope: Envelope) -> None:
    line = envelope.encode()
    assert b"\n" not in line
    assert Envelope.decode(line) == envelope


def test_the_other_alphabet_of_base64_is_read_too() -> None:
    document = {"payload": "-_-_Pj8=", "payloadType": IN_TOTO, "signatures": [{"sig": "P-_K"}]}
    envelope = Envelope.decode(json.dumps(document).encode())
    assert envelope.payload == bytes.fromhex("fbffbf3e3f")
    assert envelope.signatures == (Signature("", bytes.fromhex("3fefca")),)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"payload": "", "payloadType": 1, "signatures": []}',
        '{"payload": 1, "payloadType": "a", "signatures": []}',
        '{"payload": "a b=", "payloadType": "a", "signatures": []}',
        '{"payload": "aGk=*", "payloadType": "a", "signatures": []}',
        '{"payload": "a*Gk=", "payloadType": "a", "signatures": []}',
        '{"payload": "abc", "payloadType": "a", "signatures": []}',
        '{"payload": "ä", "payloadType": "a", "signatures": []}',
        '{"payload": "", "payloadType": "a", "signatures": [{}]}',
        '{"payload": "", "payloadType": "a", "signatures": ["x"]}',
        '{"payload": "", "payloadType": "a", "signatures": null}',
        "[" * 100_000,
    ],
)
def test_what_is_no_envelope(document: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Envelope.decode(document.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_an_envelope_or_a_value_error(content: bytes) -> None:
    try:
        Envelope.decode(content)
    except ValueError:
        return
