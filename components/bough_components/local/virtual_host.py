"""An environment's virtual host in RabbitMQ, with its queues; dropped with it."""

from __future__ import annotations

from bough_components import names
from bough_components.local import broker
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class VirtualHostProvider(Ensured):
    """Inputs: platform, slug, need."""

    replacing = frozenset({"slug", "need"})

    def identity(self, props: Props) -> str:
        return names.vhost(props["slug"], props["need"])

    def ensure(self, props: Props) -> Props:
        broker.ensure_vhost(Home.current(), self.identity(props))
        return {}

    def remove(self, props: Props) -> None:
        broker.drop_vhost(Home.current(), self.identity(props))


class VirtualHost(LocalResource, name="VirtualHost"):
    provider = VirtualHostProvider
