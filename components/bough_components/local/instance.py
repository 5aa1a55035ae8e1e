"""One running container of a service: started with a single credential, kept until replaced."""

from __future__ import annotations

import secrets
from typing import ClassVar

import pulumi
from pulumi.dynamic import CreateResult, UpdateResult

from bough_components import names
from bough_components.local import containers, instances
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class InstanceProvider(Ensured):
    """Inputs: platform, slug, service, replica, image (by digest), command, port, health, memory,
    config, start_timeout, stop_timeout. Outputs: instance (its name), address.

    Whatever changes makes another instance beside this one; this one stops when nothing leads to
    it any more. Every creation has a name of its own, so that the removal of an old instance
    never meets a new one that looks the same.
    """

    replacing = frozenset(
        {"slug", "service", "replica", "image", "command", "port", "health", "memory", "config"}
    )
    ignored: ClassVar[frozenset[str]] = frozenset({"start_timeout", "stop_timeout"})
    outputs = ("instance", "address")

    def identity(self, props: Props) -> str:
        return names.instance_container(props["platform"], props["slug"], props["instance"])

    def create(self, props: Props) -> CreateResult:
        name = f"{props['service']}-{int(props['replica'])}-{secrets.token_hex(3)}"
        return super().create({**props, "instance": name})

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        return super().update(_id, olds, {**news, "instance": olds["instance"]})

    def ensure(self, props: Props) -> Props:
        home, wanted = Home.current(), instances.Wanted.from_props(props)
        new = containers.find(wanted.container) is None
        try:
            return {"address": instances.start(home, wanted)}
        except Exception:
            if new:
                instances.remove(home, wanted)
            raise

    def present(self, props: Props) -> bool:
        return instances.running(Home.current(), instances.Wanted.from_props(props))

    def remove(self, props: Props) -> None:
        instances.remove(Home.current(), instances.Wanted.from_props(props))


class Instance(LocalResource, name="Instance"):
    provider = InstanceProvider
    instance: pulumi.Output[str]
    address: pulumi.Output[str]
