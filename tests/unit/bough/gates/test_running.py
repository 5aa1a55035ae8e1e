"""Several gates, and what is left of them in the ledger."""

from __future__ import annotations

from pathlib import Path

from tests.support.waiting_entries import recorded
from tests.unit.bough.gates import samples

from bough.gates import Gate, Subject, Verdict, run, run_all
from bough.gates.running import plan
from bough_components.errors import UnavailableError
from bough_components.local.home import Home


def names(rounds: list[list[list[Gate]]]) -> list[list[list[str]]]:
    return [[[gate.name for gate in lane] for lane in lanes] for lanes in rounds]


def test_what_claims_the_environment_takes_turns_and_what_measures_is_alone() -> None:
    gates = [
        samples.Sample(name="load", claim="machine"),
        samples.Sample(name="api", claim="environment"),
        samples.Sample(name="unit"),
        samples.Sample(name="pages", claim="environment"),
        samples.Sample(name="speed", claim="machine"),
    ]
    assert names(plan(gates)) == [[["api", "pages"], ["unit"]], [["load"]], [["speed"]]]
    assert plan([]) == []


def test_independent_gates_run_at_once(home: Home, tmp_path: Path) -> None:
    gates = [samples.Meeting(name=name, folder=tmp_path) for name in ("one", "two")]
    found = run_all(home, gates, samples.subject(home))
    assert {name: verdict.result for name, verdict in found.items()} == {
        "one": "PASS",
        "two": "PASS",
    }


def test_gates_that_share_an_environment_do_not(home: Home, tmp_path: Path) -> None:
    gates = [
        samples.Alone(name=name, folder=tmp_path, claim="environment") for name in ("one", "two")
    ]
    found = run_all(home, gates, samples.subject(home))
    assert [verdict.result for verdict in found.values()] == ["PASS", "PASS"]


def test_every_verdict_is_in_the_ledger(home: Home, lines: list[str]) -> None:
    subject = samples.subject(home, report=lines.append)
    gates = [samples.Sample(name="good"), samples.Crashing(name="bad")]
    found = run_all(home, gates, subject)
    kept = {entry["gate"]: entry for entry in recorded(home)}
    assert kept.keys() == found.keys() == {"good", "bad"}
    good = kept["good"]
    assert {key: good[key] for key in ("event", "application", "release", "stage", "kind")} == {
        "event": "gate",
        "application": "notes",
        "release": "a" * 64,
        "stage": "test",
        "kind": "sample",
    }
    assert (good["verdict"], good["why"], good["attestation"]) == ("PASS", "well", None)
    assert good["evidence"] == found["good"].evidence
    assert 0 < good["seconds"] < 20
    assert kept["bad"]["verdict"] == "INCONCLUSIVE"
    assert "good: PASS, well" in lines


def test_a_verdict_is_kept_with_its_attestation(home: Home) -> None:
    def attest(_subject: Subject, gate: Gate, verdict: Verdict) -> str:
        return f"{gate.name} {verdict.result}"

    run(home, samples.Sample(), samples.subject(home), attest)
    assert [entry["attestation"] for entry in recorded(home)] == ["sample PASS"]


def test_a_verdict_that_cannot_be_signed_is_kept_unsigned(home: Home, lines: list[str]) -> None:
    def attest(_subject: Subject, _gate: Gate, _verdict: Verdict) -> str:
        raise UnavailableError("vault does not answer")

    subject = samples.subject(home, report=lines.append)
    assert run(home, samples.Sample(), subject, attest).passed
    assert [entry["attestation"] for entry in recorded(home)] == [None]
    assert lines[-1] == "sample: its verdict could not be signed: vault does not answer."
