"""How instances say they are: what each writes into its folder in memory, every few seconds."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from bough_components.local import delivery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bough_components.local.home import Home

STATUS = "status"


def survivable(home: Home, slug: str, instance: str) -> float | None:
    """Seconds from now for which Vault may be away without this instance losing anything.

    From its live leases, as its run-time library knows them; None when it says nothing.
    """
    folder = home.instance_memory(slug, instance)
    try:
        left = float(_said(home, slug, instance)["survivable"])
        written = (folder / STATUS).lstat().st_mtime
    except (OSError, KeyError, TypeError, ValueError):
        return None
    return max(0.0, left - max(0.0, time.time() - written))


def accounts(home: Home, slug: str, instances: Iterable[str]) -> dict[tuple[str, str], str]:
    """The user that each instance works as now, by instance and need; of those that say so."""
    found = {}
    for instance in instances:
        for need, facts in _accounts_of(_said(home, slug, instance)).items():
            if isinstance(facts, dict) and "user" in facts:
                found[instance, str(need)] = str(facts["user"])
    return found


def _accounts_of(said: dict[str, Any]) -> dict[str, Any]:
    kinds = [said.get(kind) for kind in ("databases", "queues")]
    return {need: facts for one in kinds if isinstance(one, dict) for need, facts in one.items()}


def _said(home: Home, slug: str, instance: str) -> dict[str, Any]:
    text = delivery.read(home.instance_memory(slug, instance), STATUS)
    try:
        said = json.loads(text or "")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
