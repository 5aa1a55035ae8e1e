"""Programs run as a user runs them: each in a process of its own, with an end in time."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONG = 300.0


@dataclass(frozen=True)
class Result:
    """How a program ended and what it said."""

    command: str
    status: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        return self.stdout + self.stderr

    def ended(self, status: int = 0) -> Result:
        """This result, when the program ended with that status; else the test fails."""
        assert self.status == status, f"{self}\n  expected exit status {status}"
        return self

    def failed_saying(self, *words: str, status: int = 1) -> Result:
        """The program said what is wrong in words for people, all of these among them."""
        self.ended(status)
        assert "Traceback" not in self.said, str(self)
        assert "did not foresee" not in self.said, str(self)
        missing = [word for word in words if word not in self.said]
        assert not missing, f"{self}\n  it does not say: {missing}"
        return self

    def __str__(self) -> str:
        return f"$ {self.command}\n{self.said}\n  exit status {self.status}"


def run(
    arguments: list[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    stdin: str = "",
    timeout: float = LONG,
) -> Result:
    done = subprocess.run(
        arguments,
        cwd=cwd,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Result(shlex.join(arguments), done.returncode, done.stdout, done.stderr)


class Running:
    """A program in the background that leads a process group, as a job of a shell does."""

    def __init__(
        self, arguments: list[str], cwd: Path, env: Mapping[str, str], folder: Path
    ) -> None:
        self.command = shlex.join(arguments)
        self._out, self._err = folder / "stdout", folder / "stderr"
        with self._out.open("w") as out, self._err.open("w") as err:
            self._process = subprocess.Popen(
                arguments,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        return self._out.read_text() + self._err.read_text()

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def wait_for(self, words: str, seconds: float = 90) -> None:
        """Return when it has said these words; the test fails when it ends without them."""
        until(lambda: words in self.said or self.ended, seconds, f"{self.command}: {words!r}")
        assert words in self.said, f"$ {self.command}\n{self.said}\n  it did not say {words!r}"

    def interrupt(self) -> None:
        """What Ctrl-C does: SIGINT to the whole group."""
        os.killpg(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """End the whole group at once, without a chance to tidy up."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def finish(self, seconds: float = LONG) -> Result:
        """Wait for its end."""
        status = self._process.wait(seconds)
        return Result(self.command, status, self._out.read_text(), self._err.read_text())


@contextmanager
def started(arguments: list[str], *, cwd: Path, env: Mapping[str, str]) -> Iterator[Running]:
    """A program in the background, which ends with the block at the latest."""
    with tempfile.TemporaryDirectory() as folder:
        running = Running(arguments, cwd, env, Path(folder))
        try:
            yield running
        finally:
            running.kill()
