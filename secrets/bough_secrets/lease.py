"""How long something that Vault lent is good for, by this machine's monotonic clock."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

from bough_secrets.clock import now
from bough_secrets.vault import Vault

SKEW = 2.0  # seconds that the two machines' clocks may drift apart over one lease


@dataclass(frozen=True)
class Lease:
    """A loan: `duration` seconds from `received`; `full` is what was granted at first.

    `received` is when the request was sent: an answer that was long on its way is no longer good
    for all that it says.
    """

    id: str
    duration: float
    full: float
    born: float
    received: float

    @classmethod
    def granted(cls, id: str, duration: float, *, asked: float, full: float | None = None) -> Lease:
        return cls(id, duration, full or duration, asked, asked)

    @classmethod
    def of(cls, answer: dict[str, Any], *, asked: float) -> Lease:
        """Read the lease in Vault's answer to a read of dynamic credentials."""
        return cls.granted(answer["lease_id"], answer["lease_duration"], asked=asked)

    def renewed(self, duration: float, *, asked: float) -> Lease:
        return replace(self, duration=duration, received=asked)

    def ending(self, seconds: float) -> Lease:
        """The same loan, known to end within `seconds`."""
        return replace(self, duration=min(self.duration, now() - self.received + seconds))

    def remaining(self) -> float:
        """Seconds that are surely left; 0 when there may be none."""
        return max(0.0, self.received + self.duration - SKEW - now())

    def age(self) -> float:
        """Seconds since the loan was first made."""
        return now() - self.born

    def due(self) -> float:
        """Seconds until it should be renewed: at half to two thirds, so instances spread out."""
        share = random.uniform(1 / 2, 2 / 3)  # noqa: S311 - jitter, not cryptography
        return max(0.0, self.received + self.duration * share - now())

    @property
    def shortened(self) -> bool:
        """Whether the last renewal granted less than was asked: the longest life is near."""
        return self.duration < 0.95 * self.full


def renew(vault: Vault, lease: Lease, seconds: float | None = None) -> Lease:
    """Renew for `seconds` (the full duration by default). Raises RefusedError when it is gone."""
    increment = int(lease.full if seconds is None else seconds)
    asked = now()
    answer = vault.write("sys/leases/renew", lease_id=lease.id, increment=increment)
    return lease.renewed(answer["lease_duration"], asked=asked)
