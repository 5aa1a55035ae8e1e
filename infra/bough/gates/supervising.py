"""A gate in a process of its own, from which one verdict comes back whatever happens to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from bough.gates.subject import silent
from bough.gates.verdict import Verdict, inconclusive, sound

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from bough.gates.interface import Gate
    from bough.gates.subject import Subject

GRACE = 60.0
"""Seconds beyond its limit in which a gate may take away what it made; then it is killed."""

_LONGEST = 1 << 20


async def supervised(gate: Gate, subject: Subject, grace: float = GRACE) -> Verdict:
    """The gate's verdict; INCONCLUSIVE when it crashes, says nothing sound or does not end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bough.gates.process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
        limit=_LONGEST,
    )
    try:
        async with asyncio.timeout(gate.timeout + grace):
            return await _heard(process, gate, subject)
    except TimeoutError:
        _signal(process, signal.SIGKILL)
        why = f"it did not end within its limit of {gate.timeout:g} s and had to be killed"
        return inconclusive(why)
    finally:
        await _end(process, grace)


async def _heard(process: Process, gate: Gate, subject: Subject) -> Verdict:
    there = cast("asyncio.StreamWriter", process.stdin)
    back = cast("asyncio.StreamReader", process.stdout)
    # it may be dead already; what it says, or does not, decides
    with contextlib.suppress(ConnectionError):
        there.write(pickle.dumps((gate, replace(subject, report=silent))))
        await there.drain()
        there.close()
    try:
        async for line in back:
            message = json.loads(line)
            if "report" not in message:
                return _verdict(message)
            subject.report(f"{gate.name}: {message['report']}")
    except (ValueError, TypeError, KeyError):
        return inconclusive("its process said what is no verdict")
    return inconclusive(f"its process ended without a verdict (status {await process.wait()})")


def _verdict(message: dict[str, Any]) -> Verdict:
    return sound(Verdict(message["result"], message["why"], message["evidence"]))


async def _end(process: Process, patience: float) -> None:
    """Nothing of it runs on: it is asked to leave first, for it may have to tidy up."""
    try:
        _signal(process, signal.SIGTERM)
        async with asyncio.timeout(patience):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        _signal(process, signal.SIGKILL)
        await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    """To it and all that it started and that stayed in its session's first group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
