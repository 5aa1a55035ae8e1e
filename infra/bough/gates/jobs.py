"""A command of the application's own, as an instance of one of its services that ends."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bough.gates import exits
from bough.gates.interface import TimeUp
from bough_components.local import containers, instances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bough.gates.verdict import Verdict
    from bough_components.local.home import Home

MEMORY = 512 << 20


def run(
    home: Home, slug: str, service: str, image: str, command: Sequence[str], *, limit: float
) -> Verdict:
    """How it ended. It has the service's credentials in that environment, and loses them after."""
    wanted = instances.Wanted(
        platform=home.settings.name,
        slug=slug,
        service=service,
        instance=f"{service}-gate-{secrets.token_hex(3)}",
        image=image,
        command=list(command),
        port=None,
        health=None,
        memory=MEMORY,
        start_timeout=int(limit),
        stop_timeout=1,
    )
    try:
        container = instances.begin(home, wanted)
        try:
            return exits.judged(containers.ended(container), command[0])
        except TimeUp:
            return exits.too_late(container, command[0], limit)
    finally:
        instances.remove(home, wanted)
