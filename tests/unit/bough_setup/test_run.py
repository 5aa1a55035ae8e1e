import os
import signal
import threading
import time
from pathlib import Path

import pytest

from bough.requirements import RequirementError
from bough_setup.run import LINES_KEPT, run


def test_every_line_of_both_outputs_is_watched() -> None:
    lines: list[str] = []
    run(["sh", "-c", "echo one; echo two >&2"], watch=lines.append)
    assert lines == ["one", "two"]


def test_folder_and_environment_are_those_that_were_asked_for(tmp_path: Path) -> None:
    lines: list[str] = []
    run(["sh", "-c", "pwd; echo $A"], watch=lines.append, folder=tmp_path, environment={"A": "b"})
    assert lines == [str(tmp_path), "b"]


def test_a_command_reads_nothing_from_the_keyboard() -> None:
    run(["sh", "-c", "! read line"])


def test_a_failure_shows_the_command_and_its_last_lines() -> None:
    with pytest.raises(RequirementError) as caught:
        run(["sh", "-c", "seq 100; exit 3"])
    shown = caught.value.message.splitlines()
    assert "(3)" in shown[0]
    assert shown[-1].strip() == "100"
    assert len(shown) == 1 + LINES_KEPT


def test_an_interruption_also_ends_what_the_command_has_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    timer = threading.Thread(target=_interrupt_when_written, args=(pid_file,))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", f"sleep 60 & echo $! > {pid_file}; wait"])
    timer.join()
    assert _ends(int(pid_file.read_text()))


def _interrupt_when_written(path: Path) -> None:
    while not (path.exists() and path.read_text().strip()):
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)


def _ends(pid: int) -> bool:
    """True when the process is gone, or a zombie that nobody has waited for yet."""
    for _ in range(200):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False
