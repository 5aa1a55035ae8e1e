"""bough-run as a process, against engines that run in the test's own."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bough_secrets.testing import Platform

_START = """
import sys
from pathlib import Path
from bough_secrets import lending
from bough_secrets.run.cli import run
from bough_secrets.settings import Addresses
vault, consul, directory = sys.argv[1:4]
lending.PROBE = 0.5
addresses = Addresses(vault=vault, consul=consul, directory=Path(directory))
sys.exit(run(sys.argv[4:], addresses))
"""


class Running:
    """A bough-run whose standard output, its program's, is a file."""

    def __init__(self, process: subprocess.Popen[str], out: Path, err: Path) -> None:
        self.process = process
        self._out, self._err = out, err

    @property
    def lines(self) -> list[str]:
        return self._out.read_text().splitlines()

    @property
    def said(self) -> str:
        return self._err.read_text()

    def wait_for(self, line: str) -> None:
        eventually(lambda: line in self.lines, f"{line!r} in {self.lines}\n{self.said}")

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def status(self) -> int:
        return self.process.wait(15)


@contextmanager
def running(platform: Platform, memory: Path, program: str, **settings: Any) -> Iterator[Running]:
    """Run a Python program, by default with the database's files below `memory`/files."""
    file = memory / "bough-run.yaml"
    defaults = {"databases": ["db"], "folder": str(memory / "files"), "settle": 0.05}
    file.write_text(json.dumps(defaults | settings))  # which is YAML too
    command = ["--config", str(file), "--", sys.executable, "-uc", textwrap.dedent(program)]
    with started(platform, *command) as process:
        yield process


@contextmanager
def started(platform: Platform, *arguments: str) -> Iterator[Running]:
    where = platform.addresses
    own = [sys.executable, "-c", _START, where.vault, where.consul, str(where.directory)]
    folder = Path(tempfile.mkdtemp(dir=where.directory))
    out, err = folder / "stdout", folder / "stderr"
    with out.open("w") as stdout, err.open("w") as stderr:
        process = subprocess.Popen([*own, *arguments], stdout=stdout, stderr=stderr, text=True)
    try:
        yield Running(process, out, err)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def eventually(condition: Callable[[], bool], what: str, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen: {what}"
        time.sleep(0.02)
