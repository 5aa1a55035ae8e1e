"""What the end of a program says of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.gates.evidence import tail
from bough.gates.verdict import Verdict, failed, inconclusive, passed

if TYPE_CHECKING:
    from docker.models.containers import Container

    from bough_components.local.containers import Ended

_NOT_RUN = {126: "could not be executed", 127: "was not found"}


def judged(ended: Ended, what: str) -> Verdict:
    """0 is PASS, and what the program chose to say FAIL. One that never ran, or was ended from
    outside, has said nothing."""
    facts = {"exit status": ended.status, "log": tail(ended.log)}
    if ended.out_of_memory:
        return inconclusive(f"{what} ran out of memory", **facts)
    if ended.status in _NOT_RUN:
        return inconclusive(f"{what} {_NOT_RUN[ended.status]}", **facts)
    if ended.status < 0 or ended.status > 128:
        return inconclusive(f"{what} was ended by signal {abs(ended.status) % 128}", **facts)
    if ended.status:
        return failed(f"{what} failed with exit status {ended.status}", **facts)
    return passed(f"{what} ended well", **facts)


def too_late(container: Container, what: str, timeout: float) -> Verdict:
    """Its time is up: how far it came."""
    from bough_components.local import containers

    said = tail(containers.log_tail(container))
    return inconclusive(f"{what} did not end within its limit of {timeout:g} s", log=said)
