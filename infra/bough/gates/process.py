"""`python -m bough.gates.process`: the process in which one gate runs.

Reads the gate and its subject from standard input, pickled by `supervising`; says, one JSON object
a line, what the gate reports and, at the end, its verdict.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import sys
import traceback
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Never

from bough.gates.evidence import LINES, bounded, scrubbed, tail
from bough.gates.interface import TimeUp
from bough.gates.verdict import Verdict, inconclusive, sound
from bough_components.errors import BoughError
from bough_components.local.clients import engine_errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.gates.interface import Gate
    from bough.gates.subject import Subject

_WHY = 500


def main() -> None:
    say = _channel()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGALRM, _time_is_up)
    try:
        gate, subject = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
        with engine_errors():
            verdict = judged(gate, replace(subject, report=lambda line: say({"report": line})))
    except TimeUp:
        verdict = inconclusive("it did not end within its limit")
    except BoughError as error:
        verdict = _could_not(error)
    except Exception as error:
        verdict = _crashed(error)
    say({"result": verdict.result, "why": verdict.why, "evidence": dict(verdict.evidence)})


def judged(gate: Gate, subject: Subject) -> Verdict:
    """The gate's verdict, fit to be kept; raises whatever the gate raises."""
    # what looks for the platform by itself must find this one
    os.environ["BOUGH_HOME"] = str(subject.home.root)
    signal.setitimer(signal.ITIMER_REAL, gate.timeout)
    try:
        verdict = sound(gate.run(subject))
    except TimeUp:
        verdict = inconclusive(f"it did not end within its limit of {gate.timeout:g} s")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return Verdict(verdict.result, verdict.why[:_WHY], bounded(verdict.evidence))


def _could_not(error: BoughError) -> Verdict:
    why = scrubbed(f"it could not try: {error.message}")
    return inconclusive(why[:_WHY], log=tail(error.details), hint=error.hint)


def _crashed(error: Exception) -> Verdict:
    where = traceback.format_exception(error)
    lines = "".join(where).splitlines()[-LINES:]
    message = scrubbed(f"{type(error).__name__}: {error}")
    return inconclusive(f"it crashed: {message}"[:_WHY], **bounded({"traceback": tail(lines)}))


def _channel() -> Callable[[dict[str, Any]], None]:
    """The way back, which nothing else that this process prints may use."""
    back = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(message: dict[str, Any]) -> None:
        back.write(json.dumps(message) + "\n")
        back.flush()

    return say


def _leave(_number: int, _frame: object) -> Never:
    """Asked to end: what the gate made is taken away on the way out."""
    sys.exit(1)


def _time_is_up(_number: int, _frame: object) -> Never:
    raise TimeUp


if __name__ == "__main__":
    main()
