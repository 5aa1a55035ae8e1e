import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.bough.attestation.signing import WEB, WORKER

from bough.attestation.statement import Statement

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=10,
)
GOOD: dict[str, Any] = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "web", "digest": {"sha256": "a" * 64}}],
    "predicateType": "urn:x",
    "predicate": {},
}


def test_its_form() -> None:
    statement = Statement({"worker": WORKER, "web": WEB}, "urn:x", {"b": 1, "a": "ä"})
    assert json.loads(statement.encode()) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": "web", "digest": {"sha256": "a" * 64}},
            {"name": "worker", "digest": {"sha256": "b" * 64}},
        ],
        "predicateType": "urn:x",
        "predicate": {"a": "ä", "b": 1},
    }


def test_the_same_is_the_same_bytes() -> None:
    one = Statement({"worker": WORKER, "web": WEB}, "urn:x", {"b": 1, "a": 2})
    other = Statement({"web": WEB, "worker": WORKER}, "urn:x", {"a": 2, "b": 1})
    assert one.encode() == other.encode()


@given(st.dictionaries(st.text("abc", min_size=1), JSON, max_size=4))
def test_it_comes_back(predicate: dict[str, Any]) -> None:
    statement = Statement({"web": WEB}, "urn:x", predicate)
    assert Statement.decode(statement.encode()) == statement


def test_it_holds_json_alone() -> None:
    with pytest.raises(ValueError, match="JSON"):
        Statement({"web": WEB}, "urn:x", {"a": float("nan")}).encode()


@pytest.mark.parametrize(
    "changed",
    [
        {"_type": "https://in-toto.io/Statement/v0.1"},
        {"_type": None},
        {"subject": []},
        {"subject": None},
        {"subject": [{"name": "web"}]},
        {"subject": [{"name": "web", "digest": {"sha512": "a" * 128}}]},
        {"subject": [{"name": "web", "digest": {"sha256": "a" * 63}}]},
        {"subject": [{"name": "web", "digest": {"sha256": "A" * 64}}]},
        {"subject": [{"name": "web", "digest": {"sha256": None}}]},
        {"subject": [{"name": ["web"], "digest": {"sha256": "a" * 64}}]},
        {"subject": GOOD["subject"] * 2},
        {"predicateType": None},
        {"predicate": None},
        {"predicate": []},
    ],
)
def test_what_is_no_statement(changed: dict[str, Any]) -> None:
    assert Statement.decode(json.dumps(GOOD).encode()).subjects == {"web": WEB}
    with pytest.raises(ValueError, match=r"."):
        Statement.decode(json.dumps({**GOOD, **changed}).encode())


@given(st.binary(max_size=200) | JSON.map(lambda each: json.dumps(each).encode()))
def test_anything_is_a_statement_or_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Statement.decode(payload)
