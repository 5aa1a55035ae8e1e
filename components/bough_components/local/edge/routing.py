"""Where the edge sends an environment's requests, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

PARTS = 10_000
"""A share is kept in parts of this many: hundredths of a percent."""


PINNED = {"X-Bough-Canary": "always"}
"""What a request says that is to be answered by the canary, whatever its share."""


@dataclass(frozen=True, kw_only=True)
class Canary:
    """A second release beside the stable one; `share` is that of its clients, in percent.

    A client belongs to it for as long as the edge knows this `release` and the share does not
    shrink below the client's own number. One that was `stopped` gets no client any more.
    """

    release: str
    servers: list[str]
    share: float = 0.0
    stopped: bool = False

    @property
    def parts(self) -> int:
        return round(self.share * PARTS / 100)


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Where the edge sends one environment's requests; `servers` are `address:port`."""

    slug: str
    host: str
    health: str
    servers: list[str]
    canary: Canary | None = None

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Routing:
        """What `dataclasses.asdict` made of one."""
        canary = data.get("canary")
        return cls(**{**data, "canary": Canary(**canary) if canary else None})

    def after(self, known: Routing | None) -> Routing:
        """This in the place of what was known: a canary that somebody stopped stays so, whatever
        was on its way meanwhile."""
        old = known.canary if known else None
        if not (self.canary and old and old.stopped and old.release == self.canary.release):
            return self
        return replace(self, canary=replace(self.canary, share=0, stopped=True))

    @property
    def groups(self) -> dict[str, list[str]]:
        """Servers by the backend that they belong to."""
        stable = {stable_backend(self.slug): self.servers}
        return stable | ({canary_backend(self.slug): self.canary.servers} if self.canary else {})


def stable_backend(slug: str) -> str:
    return f"env-{slug}"


def canary_backend(slug: str) -> str:
    return f"canary-{slug}"
