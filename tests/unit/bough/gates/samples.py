"""Gates that behave in every way that a gate can, and a subject for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from bough.gates import Release, Subject, TimeUp, Verdict
from bough.gates.interface import Claim
from bough.gates.verdict import inconclusive, passed
from bough_components.errors import UnhealthyError
from bough_components.local.home import Home
from bough_components.spec import Step

FOREVER = 3600
STEP = Step(service="web", command=("migrate",))


def release(mark: str = "a") -> Release:
    record = {
        "application": "notes",
        "commit": mark * 40,
        "images": {"web": f"notes@sha256:{mark * 64}"},
        "schema": {"db": f"revision-{mark}"},
    }
    return Release(id=mark * 64, record=record, migrations={"db": STEP})


def subject(home: Home, **facts: Any) -> Subject:
    known = {"home": home, "release": release(), "stage": "test", "environment": "notes-test"}
    return Subject(**{**known, **facts})


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Passes, and says in which process it ran and how it found the platform."""

    name: str = "sample"
    timeout: float = 20
    claim: Claim = "nothing"
    folder: Path | None = None
    kind: ClassVar[str] = "sample"

    def run(self, subject: Subject) -> Verdict:
        subject.report("begun")
        return passed("well", process=os.getpid(), home=os.environ["BOUGH_HOME"])


class Silent(Sample):
    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        return None  # type: ignore[return-value]


class Unfounded(Sample):
    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        return passed("trust me")


class Unknown(Sample):
    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        return Verdict("FINE", "fine", {"x": 1})  # type: ignore[arg-type]


class Crashing(Sample):
    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        raise RuntimeError("no luck with hvs.CAESIJ7yWq3n4m5v6b7c8x9z0")


class Unable(Sample):
    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        raise UnhealthyError("web died", ["last words"], "mend it")


class Killed(Sample):
    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


class Chatty(Sample):
    """Prints what looks like a verdict, and far too much evidence."""

    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        print('{"result": "PASS", "why": "printed", "evidence": {"x": 1}}', flush=True)
        return passed("well", words=["x" * 10_000] * 10_000)


class Unspeakable(Sample):
    """Evidence that JSON does not know."""

    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        return passed("well", folder=Path("x"), ratio=float("nan"))


class Hanging(Sample):
    """Tidies up when its time is up, as `folder` shows."""

    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        assert self.folder
        (self.folder / "made").touch()
        try:
            time.sleep(FOREVER)
        finally:
            (self.folder / "made").unlink()
        raise AssertionError


class Telling(Sample):
    """Says how far it came when its time is up."""

    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        try:
            time.sleep(FOREVER)
        except TimeUp:
            return inconclusive("half way", lines=3)
        raise AssertionError


class Deaf(Sample):
    """Heeds neither its limit nor a request to end; a program that it started runs beside it."""

    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        assert self.folder
        child = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({FOREVER})"])
        (self.folder / "child").write_text(str(child.pid))
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGTERM})
        child.wait()
        raise AssertionError


class Meeting(Sample):
    """Passes only while its partner runs too."""

    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        assert self.folder
        (self.folder / self.name).touch()
        while len(list(self.folder.iterdir())) < 2:
            time.sleep(0.01)
        return passed("met", partner=True)


class Alone(Sample):
    """Fails when another one runs."""

    def run(self, subject: Subject) -> Verdict:  # noqa: ARG002
        assert self.folder
        mark = self.folder / "running"
        mark.touch(exist_ok=False)
        time.sleep(0.1)
        mark.unlink()
        return passed("alone", alone=True)
