"""What runs now: engines, environments, instances."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bough_components.local.home import Home


def platform_status(home: Home) -> list[dict[str, Any]]:
    """A row for each engine: role, address, whether it answers."""
    from bough_components.local import probes
    from bough_components.local.images_of import ROLES

    with ThreadPoolExecutor(len(ROLES)) as pool:
        answers = pool.map(lambda role: probes.answers(home, role), ROLES)
        return [
            {
                "engine": role,
                "address": f"127.0.0.1:{home.settings.ports[role]}",
                "answers": answer,
            }
            for role, answer in zip(ROLES, answers, strict=True)
        ]
