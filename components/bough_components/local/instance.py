"""One running container of a service: started with a single credential, kept until replaced."""

from __future__ import annotations

import secrets
from typing import ClassVar

import pulumi
from pulumi.dynamic import CreateResult, UpdateResult

from bough_components import names
from bough_components.local import containers, instances, succession
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class InstanceProvider(Ensured):
    """Inputs: platform, slug, service, replica, image (by digest), command, port, health, liveness,
    memory, config, start_timeout, stop_timeout, drain_timeout, strategy (of the rollout). Outputs:
    instance (its name), address.

    Whatever changes makes another instance beside this one; this one stops when nothing leads to
    it any more: at the end of the update or, one by one, as soon as its successor is ready. Every
    creation has a name of its own, so that the removal of an old instance never meets a new one
    that looks the same.
    """

    replacing = frozenset(
        {
            *("slug", "service", "replica", "image", "command", "port", "health", "liveness"),
            *("memory", "config"),
        }
    )
    ignored: ClassVar[frozenset[str]] = frozenset(
        {"start_timeout", "stop_timeout", "drain_timeout", "strategy"}
    )
    outputs = ("instance", "address")

    def identity(self, props: Props) -> str:
        return names.instance_container(props["platform"], props["slug"], props["instance"])

    def create(self, props: Props) -> CreateResult:
        prefix = names.replica_prefix(props["service"], int(props["replica"]))
        return super().create({**props, "instance": f"{prefix}{secrets.token_hex(3)}"})

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        return super().update(_id, olds, {**news, "instance": olds["instance"]})

    def ensure(self, props: Props) -> Props:
        home, wanted = Home.current(), instances.Wanted.from_props(props)
        new = containers.find(wanted.container) is None
        try:
            address = instances.start(home, wanted)
        except Exception:
            if new:
                instances.remove(home, wanted)
            raise
        if props.get("strategy") == succession.ONE_BY_ONE:
            succession.take_over(home, wanted, props["replica"])
        return {"address": address}

    def present(self, props: Props) -> bool:
        return instances.running(Home.current(), instances.Wanted.from_props(props))

    def remove(self, props: Props) -> None:
        instances.remove(Home.current(), instances.Wanted.from_props(props))


class Instance(LocalResource, name="Instance"):
    provider = InstanceProvider
    instance: pulumi.Output[str]
    address: pulumi.Output[str]
