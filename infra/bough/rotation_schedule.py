"""Which environments are to be rotated by now: decided from the ledger, whatever ran meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

EVENTS = ("deployed", "rotated", "destroyed")
"""What of the ledger decides."""


def due(
    environments: Iterable[str], events: Iterable[dict[str, Any]], now: datetime, every: timedelta
) -> list[str]:
    """Environments whose credentials are older than `every`: since their last rotation, or since
    they were first deployed. `events` are the ledger's, oldest first."""
    since: dict[str, datetime] = {}
    for event in events:
        slug, what = event.get("environment"), event.get("event")
        if not isinstance(slug, str):
            continue
        if what == "destroyed":
            since.pop(slug, None)
        elif what == "rotated":
            since[slug] = datetime.fromisoformat(event["at"])
        elif what == "deployed":
            since.setdefault(slug, datetime.fromisoformat(event["at"]))
    return [slug for slug in environments if slug in since and now - since[slug] >= every]
