"""One verdict from a gate's process, whatever happens to it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from tests.support.waiting import until
from tests.unit.bough.gates import samples

from bough.gates import Gate, Verdict
from bough.gates.evidence import MOST
from bough.gates.supervising import supervised
from bough_components.local.home import Home

SOON = 0.3


def verdict(home: Home, gate: Gate, grace: float = 20) -> Verdict:
    return asyncio.run(supervised(gate, samples.subject(home), grace))


def alive(pid: int) -> bool:
    """Whether it runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_gate_runs_in_a_process_of_its_own_for_its_subject_s_platform(home: Home) -> None:
    found = verdict(home, samples.Sample())
    assert (found.result, found.why) == ("PASS", "well")
    assert found.evidence["process"] != os.getpid()
    assert found.evidence["home"] == str(home.root)


def test_what_it_reports_is_heard(home: Home, lines: list[str]) -> None:
    subject = samples.subject(home, report=lines.append)
    asyncio.run(supervised(samples.Sample(), subject))
    assert lines == ["sample: begun"]


@pytest.mark.parametrize(
    ("gate", "why"),
    [
        (samples.Silent(), "it gave no verdict but NoneType"),
        (samples.Unfounded(), "it passed the release without any evidence"),
        (samples.Unknown(), "it gave no verdict but Verdict"),
        (samples.Crashing(), "it crashed: RuntimeError: no luck with ***"),
        (samples.Unable(), "it could not try: web died"),
        (samples.Killed(), "its process ended without a verdict (status -9)"),
        (samples.Telling(timeout=SOON), "half way"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_data_is_inconclusive(home: Home, gate: Gate, why: str) -> None:
    found = verdict(home, gate)
    assert (found.result, found.why) == ("INCONCLUSIVE", why)


def test_a_crash_says_where(home: Home) -> None:
    found = verdict(home, samples.Crashing())
    assert "in run" in "\n".join(found.evidence["traceback"])
    assert "hvs." not in str(found)


def test_what_bough_says_itself_is_no_crash(home: Home) -> None:
    found = verdict(home, samples.Unable())
    assert found.evidence == {"log": ["last words"], "hint": "mend it"}


def test_one_that_hangs_is_ended_and_tidies_up(home: Home, tmp_path: Path) -> None:
    found = verdict(home, samples.Hanging(timeout=SOON, folder=tmp_path))
    assert (found.result, found.why) == (
        "INCONCLUSIVE",
        "it did not end within its limit of 0.3 s",
    )
    assert not (tmp_path / "made").exists()


def test_one_that_heeds_nothing_is_killed_with_what_it_started(home: Home, tmp_path: Path) -> None:
    found = verdict(home, samples.Deaf(timeout=1, folder=tmp_path), grace=2)
    assert found.result == "INCONCLUSIVE"
    assert found.why == "it did not end within its limit of 1 s and had to be killed"
    child = int((tmp_path / "child").read_text())
    until(lambda: not alive(child), 5, "its child has ended too")


def test_what_it_prints_is_not_what_it_says(home: Home) -> None:
    found = verdict(home, samples.Chatty())
    assert (found.result, found.why) == ("PASS", "well")
    assert len(str(found.evidence)) < MOST


def test_evidence_that_json_does_not_know_is_told_in_words(home: Home) -> None:
    found = verdict(home, samples.Unspeakable())
    assert dict(found.evidence) == {"folder": "x", "ratio": None}


def test_an_interrupted_gate_tidies_up(home: Home, tmp_path: Path) -> None:
    gate = samples.Hanging(timeout=samples.FOREVER, folder=tmp_path)

    async def interrupted() -> None:
        task = asyncio.create_task(supervised(gate, samples.subject(home)))
        while not (tmp_path / "made").exists():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())
    assert not (tmp_path / "made").exists()
