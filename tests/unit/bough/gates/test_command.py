"""Programs on this machine: those that say what they found, and all the others."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.support.waiting import until
from tests.unit.bough.gates import samples
from tests.unit.bough.gates.test_supervising import alive, verdict

from bough.gates import Verdict
from bough.gates.command import MOST, Command
from bough_components.local.home import Home


def program(code: str, **options: Any) -> Command:
    return Command(name="any", command=(sys.executable, "-c", code), **options)


def said(home: Home, code: str, **options: Any) -> Verdict:
    return program(code, **options).run(samples.subject(home, url="http://notes-test.localhost"))


def saying(verdict: str, status: int = 0, **facts: Any) -> str:
    text = json.dumps({"verdict": verdict, "why": "because", "evidence": {"found": 3}, **facts})
    return f"import sys; print({text!r}); sys.exit({status})"


@pytest.mark.parametrize(
    ("spoken", "status", "result", "why"),
    [
        ("PASS", 0, "PASS", "because"),
        ("FAIL", 0, "FAIL", "because"),
        ("FAIL", 1, "FAIL", "because"),
        ("INCONCLUSIVE", 0, "INCONCLUSIVE", "because"),
        ("INCONCLUSIVE", 3, "INCONCLUSIVE", "because"),
        ("PASS", 1, "INCONCLUSIVE", f"{sys.executable} said PASS and ended with status 1"),
        ("FINE", 0, "INCONCLUSIVE", f"{sys.executable} printed no verdict (exit status 0)"),
    ],
)
def test_what_it_says_and_how_it_ends_must_agree(
    home: Home, spoken: str, status: int, result: str, why: str
) -> None:
    found = said(home, saying(spoken, status))
    assert (found.result, found.why) == (result, why)


@pytest.mark.parametrize(
    "code",
    [
        "pass",
        "print('everything is fine')",
        "print('[]')",
        "print('{}')",
        "print('\"PASS\"')",
        """print('{"verdict": ["PASS"]}')""",
        """print('{"verdict": "PASS", "evidence": [1]}')""",
        """print('{"verdict": "PASS", "why": 7}')""",
        """print('{"verdict": "PASS"} and more')""",
        "print('[' * 60000)",
        "import sys; sys.stdout.buffer.write(bytes(range(256)))",
        "raise SystemExit('no luck')",
    ],
)
def test_garbage_is_inconclusive(home: Home, code: str) -> None:
    found = said(home, code)
    assert found.result == "INCONCLUSIVE"
    assert "printed no verdict" in found.why


def test_one_that_was_killed_says_by_what(home: Home) -> None:
    found = said(home, "import os; os.abort()")
    assert (found.result, found.why) == (
        "INCONCLUSIVE",
        f"{sys.executable} was ended by signal 6",
    )


def test_a_pass_without_evidence_does_not_pass(home: Home) -> None:
    found = verdict(home, program(saying("PASS", evidence={})))
    assert (found.result, found.why) == (
        "INCONCLUSIVE",
        "it passed the release without any evidence",
    )


def test_its_last_words_are_evidence(home: Home) -> None:
    found = said(home, "import sys; sys.exit('cannot reach hvs.CAESIJ7yWq3n4m5v6b7c8x9z0')")
    assert found.evidence == {"exit status": 1, "log": ["cannot reach ***"]}


def test_what_it_says_is_scrubbed(home: Home) -> None:
    found = said(home, saying("FAIL", why="token=abc", evidence={"login": "password: hunter2"}))
    assert (found.why, found.evidence) == ("token=***", {"login": "password: ***"})


def test_too_much_output_is_inconclusive(home: Home) -> None:
    found = said(home, "while True: print('x' * 1000)")
    assert (found.result, found.why) == (
        "INCONCLUSIVE",
        f"{sys.executable} printed more than {MOST} bytes",
    )


def test_endless_errors_hold_nobody_up(home: Home) -> None:
    code = f"import sys\nfor _ in range(3000): print('x' * 1000, file=sys.stderr)\n{saying('PASS')}"
    assert said(home, code).passed


def test_it_learns_the_release_and_nothing_of_this_machine(home: Home) -> None:
    code = (
        "import json, os, sys; told = json.load(sys.stdin); "
        "found = {'told': told, 'environment': sorted(os.environ), 'here': os.listdir('.')}; "
        "print(json.dumps({'verdict': 'PASS', 'evidence': found}))"
    )
    found = said(home, code).evidence
    assert {"PATH"} <= set(found["environment"]) <= {"PATH", "LC_CTYPE"}
    assert found["here"] == []
    told = found["told"]
    assert (told["gate"], told["stage"], told["environment"]) == ("any", "test", "notes-test")
    assert told["url"] == "http://notes-test.localhost"
    assert told["release"]["schema"] == {"db": "revision-a"}
    assert told["previous"] is None


@pytest.mark.parametrize(("status", "result"), [(0, "PASS"), (1, "FAIL"), (127, "INCONCLUSIVE")])
def test_by_its_exit_status_alone(home: Home, status: int, result: str) -> None:
    code = f"import sys; print('x' * {MOST * 2}); sys.exit({status})"
    assert said(home, code, verdict="exit-status").result == result


def test_a_program_that_is_not_there(home: Home) -> None:
    found = Command(name="any", command=("no-such-program",)).run(samples.subject(home))
    assert (found.result, found.why) == (
        "INCONCLUSIVE",
        "no-such-program could not be started: No such file or directory",
    )


def test_one_that_hangs_is_killed_with_its_whole_group(home: Home, tmp_path: Path) -> None:
    note = tmp_path / "child"
    code = (
        "import subprocess, sys, pathlib, time; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)']); "
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); "
        "print('waiting', file=sys.stderr, flush=True); time.sleep(3600)"
    )
    found = verdict(home, program(code, timeout=1))
    assert (found.result, found.why) == (
        "INCONCLUSIVE",
        f"{sys.executable} did not end within its limit of 1 s",
    )
    assert found.evidence["log"] == ["waiting"]
    until(lambda: not alive(int(note.read_text())), 5, "its child has ended too")


def test_what_it_leaves_behind_ends_with_it(home: Home, tmp_path: Path) -> None:
    note = tmp_path / "child"
    code = (
        "import subprocess, sys, pathlib; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)']); "
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); {saying('PASS')}"
    )
    assert said(home, code).passed
    until(lambda: not alive(int(note.read_text())), 5, "its child has ended too")
