"""An environment's route: the edge sends its host name to its ready instances."""

from __future__ import annotations

import pulumi

from bough_components import names
from bough_components.local import edge
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class RouteProvider(Ensured):
    """Inputs: platform, slug, health, servers (`address:port`), port (the edge's). Output: url."""

    replacing = frozenset({"slug"})
    outputs = ("url",)

    def identity(self, props: Props) -> str:
        return names.host(props["slug"])

    def ensure(self, props: Props) -> Props:
        host = self.identity(props)
        routing = edge.Routing(
            slug=props["slug"], host=host, health=props["health"], servers=props["servers"]
        )
        edge.set_route(Home.current(), routing)
        return {"url": f"http://{host}:{props['port']}"}

    def present(self, props: Props) -> bool:
        known = {routing.slug: routing.servers for routing in edge.routings(Home.current())}
        return sorted(known.get(props["slug"], ())) == sorted(props["servers"])

    def remove(self, props: Props) -> None:
        edge.drop_route(Home.current(), props["slug"])


class Route(LocalResource, name="Route"):
    provider = RouteProvider
    url: pulumi.Output[str]
