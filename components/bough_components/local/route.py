"""An environment's route: the edge sends its host name to its ready instances."""

from __future__ import annotations

import pulumi

from bough_components import names
from bough_components.local import edge
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class RouteProvider(Ensured):
    """Inputs: platform, slug, health, servers (`address:port`), port (the edge's), canary (None, or
    release, servers and share in percent). Output: url."""

    replacing = frozenset({"slug"})
    outputs = ("url",)

    def identity(self, props: Props) -> str:
        return names.host(props["slug"])

    def ensure(self, props: Props) -> Props:
        edge.set_route(Home.current(), _routing(props))
        return {"url": f"http://{self.identity(props)}:{props['port']}"}

    def present(self, props: Props) -> bool:
        known = edge.find(Home.current(), props["slug"])
        return known is not None and _heeded(known) == _heeded(_routing(props))

    def remove(self, props: Props) -> None:
        edge.drop_route(Home.current(), props["slug"])


def _routing(props: Props) -> edge.Routing:
    canary = props.get("canary")
    return edge.Routing(
        slug=props["slug"],
        host=names.host(props["slug"]),
        health=props["health"],
        servers=props["servers"],
        canary=edge.Canary(**canary) if canary else None,
    )


def _heeded(routing: edge.Routing) -> list[object]:
    """What makes a difference; the order of servers does not."""
    canary = routing.canary
    trial = [sorted(canary.servers), canary.release, canary.parts] if canary else None
    return [sorted(routing.servers), trial]


class Route(LocalResource, name="Route"):
    provider = RouteProvider
    url: pulumi.Output[str]
