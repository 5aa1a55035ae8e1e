"""Leases that Vault has given up: it could not revoke them six times in about ten minutes, because
what they are good for was away, and tries no more for a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough_components import names

if TYPE_CHECKING:
    import hvac


@dataclass(frozen=True)
class Lease:
    """`why` in Vault's words: what went wrong at the last try."""

    id: str
    slug: str
    why: str


def leases(client: hvac.Client) -> list[Lease]:
    """Those of environments, the oldest first."""
    answer = client.adapter.get("/v1/sys/leases", params={"type": "irrevocable"})
    found = [(each["lease_id"], each["error"]) for each in answer["data"]["leases"]]
    return [
        Lease(id, slug, " ".join(error.split()))
        for id, error in found
        if (slug := names.slug_of_lease(id))
    ]


def end(client: hvac.Client, lease: Lease) -> None:
    """Revoke one, and wait for it; raises as hvac does while it cannot be."""
    client.adapter.post(f"/v1/sys/leases/revoke-prefix/{lease.id}", json={"sync": True})
