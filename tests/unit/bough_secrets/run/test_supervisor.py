"""Restarts, as a program that does not want to end sees them."""

import signal
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from tests.unit.bough_secrets.run.running import eventually

from bough_secrets.run.child import Child
from bough_secrets.run.events import ROTATE, Changed, Ended, Events, Signalled
from bough_secrets.run.plan import Consequences
from bough_secrets.run.settings import Stop
from bough_secrets.run.supervisor import Supervisor

RESTART = Changed(Consequences(restart=True))


class Run:
    """A supervisor on a thread of its own; its program adds a line to `log` for all it sees."""

    def __init__(self, log: Path, program: str, stop: Stop) -> None:
        self.log, self.events, self.rotations = log, Events(), 0
        log.touch()
        head = f"say = lambda text: open({str(log)!r}, 'a').write(text + chr(10))\n"
        command = [sys.executable, "-c", head + textwrap.dedent(program)]
        self._supervisor = Supervisor(command, stop, self.events, self._rotate)
        self._status: list[int] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def see(self, *lines: str) -> None:
        eventually(lambda: self.lines == [*lines], f"{lines} and not {self.lines}")

    def status(self) -> int:
        self._thread.join(15)
        [status] = self._status
        return status

    @property
    def asked(self) -> bool:
        return self._supervisor.asked

    def _rotate(self) -> None:
        self.rotations += 1

    def _run(self) -> None:
        self._status.append(self._supervisor.run())


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


STUBBORN = """
    import signal, time
    signal.signal(signal.SIGTERM, lambda *_: say("no"))
    signal.signal(signal.SIGUSR1, lambda *_: exit(7))
    say("started")
    while True:
        time.sleep(60)
"""


def test_who_does_not_end_in_time_is_killed_and_started_anew(log: Path) -> None:
    run = Run(log, STUBBORN, Stop(timeout=0.2))
    run.see("started")
    run.events.put(RESTART)
    run.see("started", "no", "started")
    run.events.put(Signalled(signal.SIGUSR1))
    assert run.status() == 7
    assert not run.asked


def test_the_signal_that_stops_it_can_be_chosen(log: Path) -> None:
    run = Run(log, STUBBORN, Stop(signal="USR1"))
    run.see("started")
    run.events.put(RESTART)
    run.see("started", "started")
    run.events.put(Signalled(signal.SIGUSR1))
    assert run.status() == 7


def test_who_is_asked_to_end_during_a_restart_is_not_started_anew(log: Path) -> None:
    run = Run(log, STUBBORN, Stop(timeout=60))
    run.see("started")
    run.events.put(RESTART)
    run.see("started", "no")
    run.events.put(Signalled(signal.SIGTERM))
    run.see("started", "no", "no")
    run.events.put(Signalled(signal.SIGUSR1))
    assert run.status() == 7
    assert run.asked


def test_changes_during_a_restart_lead_to_no_other_one(log: Path) -> None:
    run = Run(log, STUBBORN, Stop(timeout=0.5))
    run.see("started")
    run.events.put(RESTART)
    run.events.put(RESTART)
    run.see("started", "no", "started")
    run.events.put(Signalled(signal.SIGUSR1))
    assert run.status() == 7
    assert run.lines == ["started", "no", "started"]


def test_an_operator_asks_for_a_rotation_and_the_program_hears_nothing(log: Path) -> None:
    run = Run(log, STUBBORN, Stop())
    run.see("started")
    run.events.put(Signalled(ROTATE))
    eventually(lambda: run.rotations == 1, "rotated")
    run.events.put(Signalled(signal.SIGUSR1))
    assert run.status() == 7
    assert run.lines == ["started"]


def test_who_ends_by_a_signal_has_its_number_plus_128(log: Path) -> None:
    run = Run(log, "import os; os.kill(os.getpid(), 15)", Stop())
    assert run.status() == 143


def test_what_the_program_left_behind_goes_with_it(log: Path) -> None:
    grandchild = "import time; print('up', flush=True); time.sleep(600)"
    program = f"""
import subprocess, sys
left = subprocess.Popen([sys.executable, '-c', {grandchild!r}], stdout=subprocess.PIPE)
left.stdout.readline()
open({str(log)!r}, 'w').write(str(left.pid))
"""
    events = Events()
    Child([sys.executable, "-c", program], events)
    ended = events.get(timeout=15)
    assert isinstance(ended, Ended)
    assert ended.status == 0
    process = Path("/proc") / log.read_text() / "stat"
    eventually(lambda: gone(process), "the grandchild is gone")


def gone(process: Path) -> bool:
    try:
        return process.read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
