"""How long something that Vault lent is good for, by this machine's monotonic clock."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from typing import Any

from bough_secrets.vault import Vault

SKEW = 2.0  # seconds that an answer may have spent on its way


@dataclass(frozen=True)
class Lease:
    """A loan: `duration` seconds from `received`; `full` is what was granted at first."""

    id: str
    duration: float
    full: float
    born: float
    received: float

    @classmethod
    def granted(cls, id: str, duration: float, *, full: float | None = None) -> Lease:
        now = time.monotonic()
        return cls(id, duration, full or duration, now, now)

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Lease:
        """Read the lease in Vault's answer to a read of dynamic credentials."""
        return cls.granted(answer["lease_id"], answer["lease_duration"])

    def renewed(self, duration: float) -> Lease:
        return replace(self, duration=duration, received=time.monotonic())

    def remaining(self) -> float:
        """Seconds that are surely left; 0 when there may be none."""
        return max(0.0, self.received + self.duration - SKEW - time.monotonic())

    def age(self) -> float:
        """Seconds since the loan was first made."""
        return time.monotonic() - self.born

    def due(self) -> float:
        """Seconds until it should be renewed: at half to two thirds, so instances spread out."""
        share = random.uniform(1 / 2, 2 / 3)  # noqa: S311 - jitter, not cryptography
        return max(0.0, self.received + self.duration * share - time.monotonic())

    @property
    def shortened(self) -> bool:
        """Whether the last renewal granted less than was asked: the longest life is near."""
        return self.duration < 0.95 * self.full


def renew(vault: Vault, lease: Lease, seconds: float | None = None) -> Lease:
    """Renew for `seconds` (the full duration by default). Raises RefusedError when it is gone."""
    increment = int(lease.full if seconds is None else seconds)
    answer = vault.write("sys/leases/renew", lease_id=lease.id, increment=increment)
    return lease.renewed(answer["lease_duration"])
