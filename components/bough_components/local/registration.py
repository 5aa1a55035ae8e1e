"""Being found by the neighbours: bough registers an instance, which itself may only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local.clients import consul_client

if TYPE_CHECKING:
    from bough_components.local.home import Home
    from bough_components.local.instances import Wanted


def register(home: Home, wanted: Wanted, address: str) -> None:
    """Let neighbours find an instance that is ready, while it stays healthy; may be repeated.

    A service without a port is not registered: nobody calls it.
    """
    if wanted.port is None:
        return
    consul_client(home).agent.service.register(
        names.consul_service(wanted.slug, wanted.service),
        service_id=f"{names.consul_service_prefix(wanted.slug)}{wanted.instance}",
        address=address,
        port=wanted.port,
        check=check(f"http://{address}:{wanted.port}{wanted.health}"),
        replace_existing_checks=True,
    )


def check(url: str) -> dict[str, Any]:
    """How Consul asks an instance, in the words of its agent's interface.

    One that died is not found any more after interval and timeout at the latest, 4 s; for 300
    instances Consul asks 150 times a second.
    """
    return {
        "HTTP": url,
        "Interval": "2s",
        "Timeout": "2s",
        "Status": "passing",
        # Consul stands on every environment's network: nobody may send it on into a neighbour's
        "DisableRedirects": True,
    }
