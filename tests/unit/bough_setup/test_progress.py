import io
import time

import pytest

from bough_setup.progress import ERASE, Progress, spell


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (75, "1 m 15 s"), (3600, "60 m 00 s")]
)
def test_times_are_spelled(seconds: float, text: str) -> None:
    assert spell(seconds) == text


def test_a_finished_step_says_its_name_result_and_time() -> None:
    stream = io.StringIO()
    Progress("vault", stream).finish("1.21.2, built")
    assert stream.getvalue() == f"  {'vault':<24}1.21.2, built  (0.0 s)\n"


def test_a_long_step_beats_a_line_at_a_time() -> None:
    stream = io.StringIO()
    progress = Progress("vault", stream, line_seconds=0.01)
    with progress.beating():
        progress.say("7 packages compiled")
        time.sleep(0.1)
    lines = stream.getvalue().splitlines()
    assert len(lines) > 1
    assert "7 packages compiled" in lines[-1]


def test_on_a_terminal_one_line_is_rewritten() -> None:
    stream = Terminal()
    progress = Progress("vault", stream, tty_seconds=0.01)
    with progress.beating():
        time.sleep(0.1)
    progress.finish("built")
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().count(ERASE) > 2


def test_a_short_step_does_not_beat() -> None:
    stream = io.StringIO()
    with Progress("vault", stream).beating():
        pass
    assert stream.getvalue() == ""
