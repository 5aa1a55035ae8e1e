"""An environment's route: the edge sends its host name to its ready instances."""

from __future__ import annotations

import pulumi

from bough_components import names
from bough_components.local import edge, network
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class RouteProvider(Ensured):
    """Inputs: platform, slug, health, servers (`address:port`), port (the edge's). Output: url."""

    replacing = frozenset({"slug"})
    outputs = ("url",)

    def identity(self, props: Props) -> str:
        return names.host(props["slug"])

    def ensure(self, props: Props) -> Props:
        home = Home.current()
        host = self.identity(props)
        routing = edge.Routing(
            slug=props["slug"], host=host, health=props["health"], servers=props["servers"]
        )
        edge.set_route(home, routing, trusted_source(home))
        return {"url": f"http://{host}:{props['port']}"}

    def present(self, props: Props) -> bool:
        return any(routing.slug == props["slug"] for routing in edge.routings(Home.current()))

    def remove(self, props: Props) -> None:
        home = Home.current()
        edge.drop_route(home, props["slug"], trusted_source(home))


class Route(LocalResource, name="Route"):
    provider = RouteProvider
    url: pulumi.Output[str]


def trusted_source(home: Home) -> str:
    """The platform's own network: requests from this machine reach the edge from there."""
    found = network.find(names.platform_network(home.settings.name))
    return network.subnet_of(found) if found else "127.0.0.0/8"
