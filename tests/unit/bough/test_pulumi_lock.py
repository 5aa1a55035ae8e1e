import os
from pathlib import Path

import pytest
from tests.unit.bough.stack_locks import SINCE, dead, living, locked, owner

from bough import pulumi_lock
from bough_components.errors import BusyError
from bough_components.local.home import Home

HOSTS = [None, "another-machine"]
"""This machine's name as it is, and as it was before somebody changed it."""


def test_no_lock(home: Home, lines: list[str]) -> None:
    pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert lines == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_dead_owner_s_lock_is_removed(home: Home, lines: list[str], host: str | None) -> None:
    paths = [locked(home, dead(), host) for _ in range(2)]
    pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert not any(path.exists() for path in paths)
    assert lines == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_number_that_another_program_has_since_is_nobody_s(
    home: Home, lines: list[str], host: str | None, tmp_path: Path
) -> None:
    with living(tmp_path, "sleeper") as process:
        path = locked(home, process.pid, host)
        pulumi_lock.wait(home, "main", lines.append, patience=0)
        assert process.poll() is None
    assert not path.exists()
    assert lines == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_living_owner_s_lock_is_waited_for(
    home: Home, lines: list[str], host: str | None, tmp_path: Path
) -> None:
    with living(tmp_path) as process:
        path = locked(home, process.pid, host)

        def report(line: str) -> None:
            lines.append(line)
            assert path.exists()
            process.kill()
            process.wait()

        pulumi_lock.wait(home, "main", report, patience=30)
    assert not path.exists()
    who = owner(process.pid, host)
    assert lines == [f"waiting for {who}: pulumi works on main since {SINCE[:19]}"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_living_owner_is_never_robbed(
    home: Home, lines: list[str], host: str | None, tmp_path: Path
) -> None:
    # whatever program of Pulumi's it is
    with living(tmp_path, "pulumi-language") as process:
        path = locked(home, process.pid, host)
        with pytest.raises(BusyError) as caught:
            pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert path.exists()
    assert caught.value.what == "stack main"
    assert caught.value.since.isoformat(timespec="seconds") == "2026-11-21T11:48:06+09:00"


def test_a_dead_owner_s_lock_hides_no_living_one(
    home: Home, lines: list[str], tmp_path: Path
) -> None:
    with living(tmp_path) as process:
        kept = locked(home, process.pid)
        removed = [locked(home, dead()) for _ in range(3)]
        process_owner = owner(process.pid)
        with pytest.raises(BusyError, match=str(process.pid)):
            pulumi_lock.wait(home, "main", lines.append, patience=0)
        assert kept.exists()
        process.kill()
        process.wait()
        pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert not any(path.exists() for path in (kept, *removed))
    assert all(process_owner in line for line in lines)


def test_other_stacks_locks_do_not_count(home: Home, lines: list[str], tmp_path: Path) -> None:
    with living(tmp_path) as process:
        path = locked(home, process.pid, stack="main-2")
        pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert path.exists()
    assert lines == []


def test_a_lock_half_written_is_nobody_s_yet(home: Home, lines: list[str]) -> None:
    path = locked(home, os.getpid())
    path.write_text('{"pid": 1')
    pulumi_lock.wait(home, "main", lines.append, patience=0)
    assert path.exists()
    assert lines == []
