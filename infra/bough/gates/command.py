"""Any program on the platform's machine, by its exit status and the verdict that it prints."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, ClassVar, Literal

from bough.gates import exits
from bough.gates.evidence import LINES, scrubbed, scrubbed_all, tail
from bough.gates.interface import Claim, TimeUp
from bough.gates.verdict import Verdict, inconclusive
from bough_components.local.containers import Ended

if TYPE_CHECKING:
    from bough.gates.subject import Subject

MOST = 64 * 1024
"""Bytes that it may print on standard output."""

_LAST_WORDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Command:
    """`verdict` says where it is: in JSON on standard output, or in the exit status alone."""

    name: str
    command: tuple[str, ...]
    verdict: Literal["json", "exit-status"] = "json"
    timeout: float = 300
    kind: ClassVar[str] = "command"
    claim: ClassVar[Claim] = "nothing"

    def run(self, subject: Subject) -> Verdict:
        output, log = bytearray(), deque[str](maxlen=LINES)
        program, words = self.command[0], json.dumps(told(self, subject))
        try:
            with _started(self) as process:
                _hear(process, words, output, log)
        except OSError as error:
            return inconclusive(f"{program} could not be started: {error.strerror}")
        except TimeUp:
            why = f"{program} did not end within its limit of {self.timeout:g} s"
            return inconclusive(why, log=tail(log))
        return judged(self, bytes(output), Ended(process.returncode, False, tuple(log)))


def told(gate: Command, subject: Subject) -> dict[str, Any]:
    """What the program finds on standard input."""
    return {
        "gate": gate.name,
        "stage": subject.stage,
        "environment": subject.environment,
        "url": subject.url,
        "headers": dict(subject.headers),
        "release": {"id": subject.release.id, **subject.release.record},
        "previous": subject.previous and {"id": subject.previous.id, **subject.previous.record},
    }


def judged(gate: Command, output: bytes, ended: Ended) -> Verdict:
    """By both: a verdict that its exit status does not bear out, or none, is no verdict."""
    by_status = exits.judged(ended, gate.command[0])
    if gate.verdict == "exit-status":
        return by_status
    if len(output) > MOST:
        return inconclusive(f"{gate.command[0]} printed more than {MOST} bytes", **_facts(ended))
    said = _read(output)
    if said is None and by_status.result == "INCONCLUSIVE":
        return by_status
    if said is None:
        why = f"{gate.command[0]} printed no verdict (exit status {ended.status})"
        return inconclusive(why, **_facts(ended))
    if said.passed and not by_status.passed:
        why = f"{gate.command[0]} said PASS and ended with status {ended.status}"
        return inconclusive(why, **said.evidence, **_facts(ended))
    return said


def _read(output: bytes) -> Verdict | None:
    try:
        said = json.loads(output)
        why, evidence = said.get("why", ""), said.get("evidence", {})
        if not isinstance(why, str) or not isinstance(evidence, Mapping):
            return None
        verdict = Verdict(said["verdict"], scrubbed(why), scrubbed_all(evidence))
    except (ValueError, KeyError, AttributeError, RecursionError):
        return None
    return verdict if verdict.result in ("PASS", "FAIL", "INCONCLUSIVE") else None


def _facts(ended: Ended) -> dict[str, Any]:
    return {"exit status": ended.status, "log": tail(ended.log)}


@contextmanager
def _started(gate: Command) -> Iterator[subprocess.Popen[bytes]]:
    """The program, in a group of its own, all of which is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="bough-gate-") as folder:
        process = subprocess.Popen(
            gate.command,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if gate.verdict == "json" else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _kill(process)


def _hear(process: subprocess.Popen[bytes], words: str, output: bytearray, log: deque[str]) -> None:
    """Until it has ended; `output` is what it printed, at most a byte too much."""
    talks: list[tuple[IO[bytes] | None, Callable[[IO[bytes]], None]]] = [
        (process.stdin, lambda stream: _tell(stream, words.encode())),
        (process.stdout, lambda stream: _collect(stream, output)),
        (process.stderr, lambda stream: _follow(stream, log)),
    ]
    threads = [Thread(target=talk, args=(stream,), daemon=True) for stream, talk in talks if stream]
    for thread in threads:
        thread.start()
    try:
        process.wait()
    finally:
        # what it started may hold on to its pipes
        _kill(process)
        for thread in threads:
            thread.join(_LAST_WORDS)


def _tell(stream: IO[bytes], words: bytes) -> None:
    """It need not listen."""
    with contextlib.suppress(BrokenPipeError), stream:
        stream.write(words)


def _collect(stream: IO[bytes], output: bytearray) -> None:
    """Until it is too much: then it prints to nobody."""
    with stream:
        while len(output) <= MOST and (part := os.read(stream.fileno(), MOST + 1 - len(output))):
            output += part


def _follow(stream: IO[bytes], log: deque[str]) -> None:
    with stream:
        while line := stream.readline(MOST):
            log.append(line.decode(errors="replace").rstrip())


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
