from pathlib import Path

import pytest
from tests.unit.bough.attestation.signing import NAME, Signer

from bough.attestation import Evidence, Policy, export_bundle, load_bundle, verify_release
from bough.attestation.attesting import subjects
from bough_components.errors import NotFoundError, RefusedError, UnverifiedError

OURS = Signer()
DIGEST = f"sha256:{'a' * 64}"


def test_a_bundle_is_verified_without_anything_else(tmp_path: Path) -> None:
    path = tmp_path / "notes.intoto.jsonl"
    export_bundle([OURS.record(), OURS.verdict()], path)
    found = verify_release(load_bundle(path), OURS.keys, NAME, Policy(gates={"test": ["unit"]}))
    assert [each.attestation for each in found.statements] == [
        OURS.record().name,
        OURS.verdict().name,
    ]


def test_a_line_that_was_changed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.intoto.jsonl"
    export_bundle([OURS.record(), OURS.verdict()], path)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([lines[0], b"", lines[1][:-9]]))
    with pytest.raises(UnverifiedError, match=r"line 3 of notes\.intoto\.jsonl was changed"):
        verify_release(load_bundle(path), OURS.keys, NAME, Policy())


def test_a_line_that_was_left_out(tmp_path: Path) -> None:
    path = tmp_path / "notes.intoto.jsonl"
    export_bundle([OURS.record()], path)
    policy = Policy(gates={"test": ["unit"]})
    with pytest.raises(UnverifiedError, match="missing: a verdict of gate unit in stage test"):
        verify_release(load_bundle(path), OURS.keys, NAME, policy)


def test_what_is_no_envelope_goes_into_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(UnverifiedError, match="sha256:x cannot go into a bundle"):
        export_bundle([OURS.record(), Evidence("sha256:x", b"{")], tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no bundle .*/away"):
        load_bundle(tmp_path / "away")


@pytest.mark.parametrize(
    "image",
    ["notes", "notes:main", f"notes:main@{DIGEST}", f"notes@{DIGEST}0", f"a/../b@{DIGEST}",
     f"/notes@{DIGEST}", f"Notes@{DIGEST}", f"notes/@{DIGEST}", f"localhost:5000/notes@{DIGEST}",
     f"notes@{DIGEST.upper()}", f"notes?x@{DIGEST}", ""],
)  # fmt: skip
def test_an_image_without_a_name_by_digest(image: str) -> None:
    with pytest.raises(RefusedError, match=r"the image of web, .* is not named by its repository"):
        subjects({"web": image})


def test_images_by_digest() -> None:
    names = ("notes", "team/notes", "a.b__c--d/e_f")
    assert subjects({name: f"{name}@{DIGEST}" for name in names}) == dict.fromkeys(names, DIGEST)
