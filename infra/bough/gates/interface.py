"""What every gate is: one thing that judges a release within limits."""

from __future__ import annotations

from typing import Literal, Protocol

from bough.gates.subject import Subject
from bough.gates.verdict import Verdict

Claim = Literal["nothing", "environment", "machine"]
"""What a gate needs for itself while it runs: nothing; the environment's data, which another gate
would change under it; or the whole machine, because it measures."""


class TimeUp(BaseException):
    """Raised in a gate at its limit. One that catches it may say how far it came; it must end."""


class Gate(Protocol):
    """Picklable plain data: it runs in a process of its own, which is killed when it does not end.

    `timeout` is in seconds.
    """

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def timeout(self) -> float: ...

    @property
    def claim(self) -> Claim: ...

    def run(self, subject: Subject) -> Verdict:
        """Judge it, and leave nothing behind. Whatever it raises makes it INCONCLUSIVE."""
        ...
