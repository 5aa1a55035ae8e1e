"""Nothing is believed that a trusted key did not sign, as it stands, about these images."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.bough.attestation.signing import NAME, OTHER, WEB, WORKER, Signer

from bough.attestation.dsse import Envelope, Signature
from bough.attestation.evidence import Evidence
from bough.attestation.predicates import GATE, RELEASE
from bough.attestation.verifying import verify
from bough_components.errors import RefusedError, UnverifiedError

OURS = Signer()
THEIRS = Signer()
GOOD = OURS.verdict()
IMAGES = {WEB, WORKER}


def refused(*evidence: Evidence, **options: Any) -> str:
    wanted: dict[str, Any] = {"keys": OURS.keys, "digests": IMAGES, **options}
    with pytest.raises(UnverifiedError) as error:
        verify(evidence, **wanted)
    assert isinstance(error.value, RefusedError)
    assert error.value.hint
    return "\n".join(error.value.problems)


def changed(**parts: Any) -> Evidence:
    return Evidence("here", replace(Envelope.decode(GOOD.content), **parts).encode())


def test_what_we_signed() -> None:
    (found,) = verify([GOOD], OURS.keys, IMAGES, [GATE])
    assert found.statement.predicate["release"] == NAME
    assert found.statement.subjects == {"web": WEB, "worker": WORKER}
    assert (found.attestation, found.key) == (GOOD.name, OURS.id)


def test_what_an_older_key_signed() -> None:
    found = verify([GOOD, THEIRS.record()], {**THEIRS.keys, **OURS.keys}, IMAGES)
    assert [each.key for each in found] == [OURS.id, THEIRS.id]


def test_one_of_several_signatures_suffices() -> None:
    envelope = Envelope.decode(GOOD.content)
    extra = Signature("theirs", THEIRS.private.sign(envelope.signed))
    both = changed(signatures=(extra, *envelope.signatures))
    assert len(verify([both], OURS.keys, IMAGES)) == 1


def test_a_key_s_id_decides_nothing() -> None:
    (signature,) = Envelope.decode(GOOD.content).signatures
    unnamed = changed(signatures=(replace(signature, keyid=""),))
    assert verify([unnamed], OURS.keys, IMAGES)[0].key == OURS.id
    named = Envelope.decode(THEIRS.verdict().content).signatures[0]
    pretended = changed(signatures=(replace(named, keyid=OURS.id),))
    assert "here was changed: its signature does not fit" in refused(pretended)


def test_a_payload_that_was_changed() -> None:
    failed = Envelope.decode(OURS.verdict("FAIL").content)
    assert b'"FAIL"' in failed.payload
    forged = replace(failed, payload=failed.payload.replace(b'"FAIL"', b'"PASS"'))
    said = refused(Evidence("here", forged.encode()))
    assert said == "here was changed: its signature does not fit what it says"


def test_a_payload_of_another_type() -> None:
    assert "here was changed" in refused(changed(payload_type="application/json"))


def test_no_signature() -> None:
    assert "here is not signed" in refused(changed(signatures=()))


def test_another_key() -> None:
    said = refused(THEIRS.verdict())
    assert f"was signed by a key that is not trusted ({THEIRS.id})" in said


def test_damage() -> None:
    assert "was changed" in refused(Evidence("line 1", GOOD.content[:-5]))


@pytest.mark.parametrize("payload", [b"", b"{}", b'{"_type": "x"}'])
def test_what_we_signed_and_is_no_statement(payload: bytes) -> None:
    odd = Evidence("here", OURS.envelope(payload).encode())
    assert "here is signed, but no statement" in refused(odd)


def test_what_we_signed_for_another_protocol() -> None:
    odd = Evidence("here", OURS.envelope(b"{}", "application/other").encode())
    assert "its payload is of type application/other" in refused(odd)


def test_a_statement_about_other_images() -> None:
    moved = OURS.verdict(images={"web": OTHER})
    assert f"{moved.name} is about other images: {OTHER}" in refused(GOOD, moved)


def test_a_statement_that_is_missing() -> None:
    assert refused(GOOD, predicate_types=[GATE, RELEASE]) == (
        f"missing: there is no statement of type {RELEASE}"
    )
    assert "missing" in refused(predicate_types=[GATE])


def test_a_statement_about_some_of_the_images_is_none_about_all() -> None:
    part = OURS.verdict(images={"web": WEB})
    assert verify([part], OURS.keys, IMAGES)
    assert "missing" in refused(part, predicate_types=[GATE])


def test_everything_wrong_is_named() -> None:
    said = refused(THEIRS.verdict(), changed(payload=b"x"), predicate_types=[RELEASE])
    assert len(said.splitlines()) == 3


@given(st.integers(0, len(GOOD.content) - 1), st.integers(1, 255))
def test_a_byte_that_was_changed_is_noticed_or_means_the_same(at: int, by: int) -> None:
    content = bytearray(GOOD.content)
    content[at] ^= by
    try:
        found = verify([Evidence("here", bytes(content))], OURS.keys, IMAGES)
    except UnverifiedError:
        return
    assert [each.statement for each in found] == [
        each.statement for each in verify([GOOD], OURS.keys, IMAGES)
    ]


@given(st.integers(0, 1 << 16), st.binary(min_size=1, max_size=3))
def test_no_other_payload_fits_the_signature(at: int, inserted: bytes) -> None:
    payload = Envelope.decode(GOOD.content).payload
    place = at % (len(payload) + 1)
    refused(changed(payload=payload[:place] + inserted + payload[place:]))
    refused(changed(payload=payload[:place]) if place < len(payload) else changed(payload=b""))


@given(st.integers(0, 511))
def test_no_other_signature_fits_the_payload(bit: int) -> None:
    (signature,) = Envelope.decode(GOOD.content).signatures
    value = bytearray(signature.value)
    value[bit // 8] ^= 1 << bit % 8
    refused(changed(signatures=(replace(signature, value=bytes(value)),)))


def test_json_around_the_envelope_is_not_signed() -> None:
    spaced = json.dumps({**json.loads(GOOD.content), "more": 1}, indent=2).encode()
    (found,) = verify([Evidence("here", spaced)], OURS.keys, IMAGES)
    assert found.attestation == GOOD.name
