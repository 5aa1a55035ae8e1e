"""Verifying elsewhere: a bundle and a file of keys, and no platform."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.unit.bough.attestation.signing import NAME, Signer

from bough.attestation import export_bundle
from bough.attestation.keys import to_pem
from bough.cli import attestations
from bough_components.errors import BoughError, NotFoundError, UnverifiedError, UsageError

OURS = Signer()


@pytest.fixture(autouse=True)
def _no_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOUGH_HOME", str(tmp_path / "nowhere"))
    Path("keys.pem").write_text(to_pem(OURS.keys))
    export_bundle([OURS.record(), OURS.verdict()], Path("bundle"))


def verify(*words: str, keys: str = "keys.pem", bundle: str = "bundle") -> Result:
    options = ["--keys", keys, "--bundle", bundle, "--json"]
    return CliRunner().invoke(attestations.verify, [*words, *options])


def test_a_bundle_that_stands() -> None:
    result = verify(NAME[:12], "--gate", "test/unit")
    assert result.exit_code == 0, result.output
    record, verdict = json.loads(result.output)
    assert (record["type"], record["stage"]) == ("urn:bough:release:v1", None)
    assert verdict == {
        "type": "urn:bough:gate:v1",
        "stage": "test",
        "gate": "unit",
        "verdict": "PASS",
        "at": "2026-11-21T12:00:00+00:00",
        "key": OURS.id[:12],
        "attestation": OURS.verdict().name,
    }


def test_a_verdict_that_is_missing() -> None:
    result = verify(NAME, "--gate", "test/unit", "--gate", "test/api")
    assert isinstance(result.exception, UnverifiedError)
    assert "missing: a verdict of gate api in stage test" in str(result.exception)


def test_a_verdict_that_is_too_old() -> None:
    result = verify(NAME, "--days", "0")
    assert isinstance(result.exception, UnverifiedError)
    assert "expired" in str(result.exception)


def test_another_key() -> None:
    Path("keys.pem").write_text(to_pem(Signer().keys))
    result = verify(NAME)
    assert isinstance(result.exception, UnverifiedError)
    assert "signed by a key that is not trusted" in str(result.exception)


def test_files_that_are_not_there() -> None:
    assert isinstance(verify(NAME, keys="other.pem").exception, NotFoundError)
    assert isinstance(verify(NAME, bundle="other").exception, NotFoundError)


def test_a_gate_without_a_stage() -> None:
    assert isinstance(verify(NAME, "--gate", "unit").exception, UsageError)


def test_without_a_platform_there_is_no_registry() -> None:
    result = CliRunner().invoke(attestations.verify, [NAME, "--keys", "keys.pem"])
    assert isinstance(result.exception, BoughError)
