"""The edge: HAProxy, which leads each environment's host name to its ready instances."""

from bough_components.local.edge.draining import drain, forget
from bough_components.local.edge.routes import (
    configure,
    drop_route,
    exchange,
    find,
    routings,
    set_route,
    set_share,
    stop_canary,
)
from bough_components.local.edge.routing import PINNED, Canary, Routing

__all__ = [
    "PINNED",
    "Canary",
    "Routing",
    "configure",
    "drain",
    "drop_route",
    "exchange",
    "find",
    "forget",
    "routings",
    "set_route",
    "set_share",
    "stop_canary",
]
