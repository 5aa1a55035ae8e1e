"""With real processes, on a platform that was set up and whose engines do not run."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.waiting import until

from bough.keeper import process
from bough_components.local.home import Home


@pytest.fixture
def kept(home: Home) -> Iterator[Home]:
    yield home
    process.stop(home)


def alive(pid: int) -> bool:
    """A zombie is dead; this process is nobody's parent but its own children's."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_is_started_and_ended(kept: Home) -> None:
    assert process.running(kept) is None
    process.ensure(kept)
    found = process.running(kept)
    assert found
    assert alive(found.pid)
    process.stop(kept)
    assert process.running(kept) is None
    until(lambda: not alive(found.pid), 5, "it has ended")
    process.stop(kept)


def test_a_second_one_is_not_started(kept: Home) -> None:
    process.ensure(kept)
    first = process.running(kept)
    process.ensure(kept)
    assert process.running(kept) == first


def test_one_that_was_killed_is_replaced(kept: Home) -> None:
    process.ensure(kept)
    first = process.running(kept)
    assert first
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: process.running(kept) is None, 5, "its lock is free")
    process.ensure(kept)
    second = process.running(kept)
    assert second
    assert second.pid != first.pid


def test_one_of_an_older_bough_is_replaced(kept: Home) -> None:
    process.ensure(kept)
    first = process.running(kept)
    assert first
    note = kept.root / "locks/keeper.json"
    note.write_text(note.read_text().replace(first.code, "older"))
    process.ensure(kept)
    second = process.running(kept)
    assert second
    assert second.pid != first.pid
    assert second.code == first.code


def test_one_ends_with_its_platform(kept: Home) -> None:
    process.ensure(kept)
    (kept.root / "platform.json").unlink()
    until(lambda: process.running(kept) is None, 20, "it has ended by itself")


def test_only_one_can_be_it(home: Home) -> None:
    with process.being(home) as first, process.being(home) as second:
        assert (first, second) == (True, False)
        found = process.running(home)
        assert found
        assert found.pid == os.getpid()
    assert process.running(home) is None


def test_being_asked_for_keeps_nobody_from_it(home: Home) -> None:
    asking = threading.Event()

    def ask() -> None:
        while not asking.is_set():
            process.running(home)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(20):
            with process.being(home) as alone:
                assert alone
    finally:
        asking.set()
        for thread in threads:
            thread.join()
