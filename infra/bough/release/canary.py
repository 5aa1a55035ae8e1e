"""What a canary is, as it is kept and told."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


TAKEN_BACK = ("failed", "stopped")
"""How a canary ended after which the other release serves alone again."""


@dataclass(frozen=True, kw_only=True)
class Canary:
    """A release that is tried beside the one that serves: on so many `instances` of each service,
    for `share` percent of the clients."""

    release: str
    instances: int
    share: float = 0.0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """What `facts` said of one, among others."""
        return cls(**{each.name: data[each.name] for each in fields(cls)})

    @property
    def facts(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        many = "instance" if self.instances == 1 else "instances"
        of_each = f"{self.instances} {many} of each service, {self.share:g} % of the clients"
        return f"release {self.release[:12]} ({of_each})"
