"""The edge: HAProxy, which leads each environment's host name to its ready instances."""

from bough_components.local.edge.draining import drain, forget
from bough_components.local.edge.routes import (
    configure,
    drop_route,
    exchange,
    find,
    routings,
    set_canary,
    set_route,
)
from bough_components.local.edge.routing import Canary, Routing

__all__ = [
    "Canary",
    "Routing",
    "configure",
    "drain",
    "drop_route",
    "exchange",
    "find",
    "forget",
    "routings",
    "set_canary",
    "set_route",
]
