"""Asking gates: several at once where they do not disturb each other, each verdict recorded."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bough import ledger
from bough.gates.supervising import supervised
from bough_components.errors import BoughError
from bough_components.local.clients import engine_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bough.gates.interface import Gate
    from bough.gates.subject import Subject
    from bough.gates.verdict import Verdict
    from bough_components.local.home import Home

    Attest = Callable[[Subject, Gate, Verdict], str | None]
    """Signs a verdict; the digest of its attestation."""

AT_ONCE = 4


def run(home: Home, gate: Gate, subject: Subject, attest: Attest | None = None) -> Verdict:
    """Ask one gate. What it says is in the ledger when this returns."""
    return run_all(home, [gate], subject, attest)[gate.name]


def run_all(
    home: Home, gates: Iterable[Gate], subject: Subject, attest: Attest | None = None
) -> dict[str, Verdict]:
    """Ask each gate, whatever the others say; verdicts by name, recorded as they come.

    An interrupted run leaves no process, and no verdict of those that had not ended.
    """
    return asyncio.run(_all(home, plan(gates), subject, attest))


def plan(gates: Iterable[Gate]) -> list[list[list[Gate]]]:
    """Rounds, one after the other, of lanes at once, of gates one after the other.

    Gates that claim the environment share a lane, those that claim the machine have a round each.
    """
    wanted = list(gates)
    free = [[gate] for gate in wanted if gate.claim == "nothing"]
    sharing = [gate for gate in wanted if gate.claim == "environment"]
    alone = [[[gate]] for gate in wanted if gate.claim == "machine"]
    first = [*([sharing] if sharing else []), *free]
    return [*([first] if first else []), *alone]


async def _all(
    home: Home, rounds: list[list[list[Gate]]], subject: Subject, attest: Attest | None
) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    places = asyncio.Semaphore(AT_ONCE)

    async def along(lane: Sequence[Gate]) -> None:
        for gate in lane:
            async with places:
                verdicts[gate.name] = await _one(home, gate, subject, attest)

    for lanes in rounds:
        await asyncio.gather(*map(along, lanes))
    return verdicts


async def _one(home: Home, gate: Gate, subject: Subject, attest: Attest | None) -> Verdict:
    began = time.monotonic()
    verdict = await supervised(gate, subject)
    facts = {
        "application": subject.release.application,
        "release": subject.release.id,
        "environment": subject.environment,
        "stage": subject.stage,
        "gate": gate.name,
        "kind": gate.kind,
        "verdict": verdict.result,
        "why": verdict.why,
        "evidence": dict(verdict.evidence),
        "seconds": round(time.monotonic() - began, 3),
    }
    subject.report(f"{gate.name}: {verdict.result}, {verdict.why}")
    attestation = await asyncio.to_thread(_signed, attest, subject, gate, verdict)
    await asyncio.to_thread(ledger.record, home, "gate", **facts, attestation=attestation)
    return verdict


def _signed(attest: Attest | None, subject: Subject, gate: Gate, verdict: Verdict) -> str | None:
    """A verdict that cannot be signed is kept unsigned: it opens nothing where signatures are asked
    for, and nobody has to ask the gate again to see it."""
    try:
        with engine_errors():
            return attest(subject, gate, verdict) if attest else None
    except BoughError as error:
        subject.report(f"{gate.name}: its verdict could not be signed: {error}")
        return None
