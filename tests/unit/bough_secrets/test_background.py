import logging
import threading
import time
from collections.abc import Iterator

import pytest

from bough_secrets.background import Background


@pytest.fixture
def background() -> Iterator[Background]:
    background = Background()
    yield background
    background.stop()


def test_repeats_a_task_until_it_is_done(background: Background) -> None:
    runs: list[int] = []
    done = threading.Event()

    def task() -> float | None:
        runs.append(1)
        if len(runs) < 3:
            return 0.01
        done.set()
        return None

    background.schedule(task, 0)
    assert done.wait(2)
    assert len(runs) == 3


def test_a_task_can_be_hurried(background: Background) -> None:
    done = threading.Event()

    def task() -> None:
        done.set()

    background.schedule(task, 60)
    background.schedule(task, 0)
    assert done.wait(2)


def test_a_bug_in_one_task_does_not_stop_the_others(
    background: Background, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()

    def broken() -> None:
        raise ZeroDivisionError

    def task() -> None:
        done.set()

    with caplog.at_level(logging.ERROR):
        background.schedule(broken, 0)
        background.schedule(task, 0.05)
        assert done.wait(2)
    assert "a background task failed" in caplog.text


def test_starts_nothing_after_stop(background: Background) -> None:
    started = threading.Event()

    def task() -> None:
        started.set()

    background.stop()
    background.schedule(task, 0)
    assert not started.wait(0.1)


def test_a_task_that_fell_due_while_the_machine_slept_runs_soon_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bough_secrets.background.LONGEST_SLEEP", 0.02)
    slept = 0.0
    background = Background(clock=lambda: time.monotonic() + slept)
    done = threading.Event()

    def task() -> None:
        done.set()

    background.schedule(task, 3600)
    try:
        assert not done.wait(0.1)
        slept = 3600.0
        assert done.wait(2)
    finally:
        background.stop()
