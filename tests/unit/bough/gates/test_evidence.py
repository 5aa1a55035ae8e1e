"""What is kept of evidence: little enough, and nothing that looks like a secret."""

from __future__ import annotations

import hashlib
import json
import secrets
import string
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bough.gates.evidence import MOST, bounded, scrubbed, scrubbed_all, tail

LETTERS = string.ascii_letters + string.digits
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3000),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(st.dictionaries(st.text(), VALUES))
def test_any_evidence_becomes_small_json(evidence: dict[str, object]) -> None:
    assert len(json.dumps(bounded(evidence), allow_nan=False)) <= MOST


def test_small_evidence_is_kept_as_it_is() -> None:
    evidence = {"exit status": 0, "log": ["a", "b"], "coverage": {"per cent": 81.5}, "none": None}
    assert bounded(evidence) == evidence


def test_of_much_the_end_is_kept() -> None:
    kept = bounded({"log": [f"line {number} {'x' * 4000}" + "end" for number in range(20)]})
    assert len(kept["log"]) == 20
    assert all(line.endswith("end") for line in kept["log"])
    assert bounded({"log": list(range(1000))})["log"] == list(range(950, 1000))


def test_a_deep_tree_becomes_text() -> None:
    tree: dict[str, object] = {}
    for _ in range(100):
        tree = {"x": tree}
    assert len(json.dumps(bounded(tree))) <= MOST


@pytest.mark.parametrize(
    "secret",
    [
        "hvs.CAESIJ7yWq3n4m5v6b7c8x9z0",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        str(uuid.UUID(int=2**127 + 1)),
        "A1a-hG5kQz8Lw2Rt9Yb3",
        hashlib.sha256(b"bough").hexdigest(),
        "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----",
    ],
)
def test_what_has_the_shape_of_a_secret_goes(secret: str) -> None:
    said = scrubbed(f"connecting with {secret} to the database")
    assert secret not in said
    assert said == "connecting with *** to the database"


def test_generated_secrets_go() -> None:
    """Nearly all: it is a safety net, made of chance."""
    made = ["".join(secrets.choice(LETTERS) for _ in range(32)) for _ in range(200)]
    assert sum(secret in scrubbed(f"x {secret} y") for secret in made) < 10


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("password=hunter2 host=db", "password=*** host=db"),
        ("Authorization: Bearer abc", "Authorization: Bearer ***"),
        ('{"api_key": "abc", "x": 1}', '{"api_key": ***", "x": 1}'),
        ("postgresql://ada:hunter2@db:5432/notes", "postgresql://***@db:5432/notes"),
    ],
)
def test_what_is_called_a_secret_goes(said: str, kept: str) -> None:
    assert scrubbed(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "tests/test_api.py::TestNotes::test_a_note_with_2_attachments PASSED [ 50%]",
        "FAILED tests/test_http.py::TestHTTP2ConnectionReuse - AssertionError: 503 != 200",
        "E   psycopg.errors.UndefinedColumn: column notes.body does not exist",
        f"notes@sha256:{'0123456789abcdef' * 4}",
        "release_2026_11_21_rc1 took 12.5 s",
        "feature-1-stage-5a3dmf1 is served by web-1-4fz0a1",
    ],
)
def test_ordinary_words_stay(said: str) -> None:
    assert scrubbed(said) == said


def test_of_a_log_the_last_lines_are_kept() -> None:
    assert tail(f"line {number}" for number in range(100)) == [f"line {n}" for n in range(80, 100)]
    assert tail(["x" * 5000 + " end"])[0].endswith(" end")


def test_plain_data_is_scrubbed_throughout() -> None:
    data = {"a": ["token=abc", 1, {"b": "hvs.CAESIJ7yWq3n4m5v6b7c8x9z0"}], "c": None}
    assert scrubbed_all(data) == {"a": ["token=***", 1, {"b": "***"}], "c": None}
