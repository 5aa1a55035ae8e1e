"""How instances say they are: what each writes into its folder in memory, every few seconds."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from bough_components.local import delivery

if TYPE_CHECKING:
    from bough_components.local.home import Home

STATUS = "status"


def survivable(home: Home, slug: str, instance: str) -> float | None:
    """Seconds from now for which Vault may be away without this instance losing anything.

    From its live leases, as its run-time library knows them; None when it says nothing.
    """
    folder = home.instance_memory(slug, instance)
    text = delivery.read(folder, STATUS)
    try:
        said: dict[str, Any] = json.loads(text or "")
        left = float(said["survivable"])
        written = (folder / STATUS).lstat().st_mtime
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return max(0.0, left - max(0.0, time.time() - written))
