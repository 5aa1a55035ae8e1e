import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from bough import pulumi_lock
from bough_components.errors import BusyError
from bough_components.local.home import Home

# as Pulumi 3.230 writes it: local time, nine digits after the point at most
SINCE = "2026-11-21T11:48:06.574719501+09:00"


def locked(home: Home, pid: int, hostname: str | None = None, stack: str = "main") -> Path:
    """The file that a `pulumi up` leaves while it works, or when it is killed."""
    folder = home.folder(f"pulumi/state/.pulumi/locks/organization/bough/{stack}")
    path = folder / f"{uuid4()}.json"
    host = hostname or socket.gethostname()
    facts = {"pid": pid, "username": "ada", "hostname": host, "timestamp": SINCE}
    path.write_text(json.dumps(facts))
    return path


def dead() -> int:
    """The process number of somebody who is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_no_lock(home: Home, lines: list[str]) -> None:
    pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert lines == []


def test_a_dead_owner_s_lock_is_removed(home: Home, lines: list[str]) -> None:
    paths = [locked(home, dead()) for _ in range(2)]
    pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert not any(path.exists() for path in paths)
    assert lines == []


def test_a_living_owner_s_lock_is_waited_for(home: Home, lines: list[str]) -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        path = locked(home, process.pid)

        def report(line: str) -> None:
            lines.append(line)
            process.kill()
            process.wait()

        pulumi_lock.wait(home, "main", report, patience=30)
    assert not path.exists()
    who = f"ada@{socket.gethostname()} (process {process.pid})"
    assert lines == [f"waiting for {who}: pulumi works on main since {SINCE[:19]}"]


@pytest.mark.parametrize("hostname", [None, "another-machine"])
def test_a_living_owner_is_never_robbed(home: Home, lines: list[str], hostname: str | None) -> None:
    path = locked(home, os.getpid() if hostname is None else dead(), hostname)
    with pytest.raises(BusyError) as caught:
        pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert path.exists()
    assert caught.value.what == "stack main"
    assert caught.value.since.isoformat(timespec="seconds") == "2026-11-21T11:48:06+09:00"


def test_other_stacks_locks_do_not_count(home: Home, lines: list[str]) -> None:
    path = locked(home, os.getpid(), stack="main-2")
    pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert path.exists()


def test_a_lock_half_written_is_nobody_s_yet(home: Home, lines: list[str]) -> None:
    locked(home, os.getpid()).write_text('{"pid": 1')
    pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert lines == []
