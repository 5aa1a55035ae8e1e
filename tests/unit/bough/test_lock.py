"""The holder is a process of its own: a lock that only holds within one proves nothing."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bough import lock
from bough_components.errors import BusyError
from bough_components.local.home import Home

HOLDER = """\
import sys
from bough import lock
from bough_components.local.home import Home
with lock.held(Home.current(), sys.argv[1], "up to 123", print):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def holder(name: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until it reads a line."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def release(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.close()
    process.wait()


def test_whoever_comes_second_waits_and_says_for_whom(home: Home, lines: list[str]) -> None:
    with holder("main") as process:
        pattern = rf"waiting for .+@.+ \(process {process.pid}\): up to 123 since \d{{4}}-.*"

        def report(line: str) -> None:
            lines.append(line)
            release(process)

        with lock.held(home, "main", "destroy", report):
            assert process.poll() == 0
    assert len(lines) == 1
    assert re.fullmatch(pattern, lines[0])


def test_patience_ends(home: Home, lines: list[str]) -> None:
    with (
        holder("main") as process,
        pytest.raises(BusyError) as caught,
        lock.held(home, "main", "destroy", lines.append, patience=0.2),
    ):
        pytest.fail("two hold one lock")
    assert f"(process {process.pid}) has been busy with up to 123 since" in str(caught.value)


def test_a_dead_holder_s_lock_is_free(home: Home, lines: list[str]) -> None:
    with holder("main") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        begun = time.monotonic()
        with lock.held(home, "main", "destroy", lines.append):
            assert time.monotonic() - begun < 1
    assert lines == []


def test_a_holder_s_death_ends_the_wait(home: Home, lines: list[str]) -> None:
    with holder("main") as process:

        def report(line: str) -> None:
            lines.append(line)
            process.kill()

        with lock.held(home, "main", "destroy", report, patience=30):
            pass
    assert len(lines) == 1


def test_other_environments_do_not_wait(home: Home, lines: list[str]) -> None:
    with holder("main"), lock.held(home, "feat-a", "up", lines.append):
        pass
    assert lines == []


def test_it_is_let_go_after_an_error(home: Home, lines: list[str]) -> None:
    with pytest.raises(ValueError, match="x"), lock.held(home, "main", "up", lines.append):
        raise ValueError("x")
    with lock.held(home, "main", "up", lines.append):
        pass
    assert lines == []


def test_the_note_names_this_process_while_it_holds(home: Home, lines: list[str]) -> None:
    note = home.root / "locks/main.json"
    with lock.held(home, "main", "up", lines.append):
        assert f"(process {os.getpid()})" in json.loads(note.read_text())["who"]
    assert not note.exists()


@pytest.mark.parametrize("text", [None, "", "{"])
def test_a_holder_that_has_not_said_who_it_is(
    home: Home, lines: list[str], text: str | None
) -> None:
    with holder("main") as process:
        note = home.root / "locks/main.json"
        note.unlink()
        if text is not None:
            note.write_text(text)
        with (
            pytest.raises(BusyError, match=r"^another process has been busy with something"),
            lock.held(home, "main", "up", lines.append, patience=0),
        ):
            pytest.fail("two hold one lock")
        assert process.poll() is None
