"""One running container of a service: started with a single credential, kept until replaced."""

from __future__ import annotations

from typing import ClassVar

import pulumi

from bough_components import names
from bough_components.local import consul_space, instances
from bough_components.local.clients import consul_client, vault_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props
from bough_components.local.vault_space import delete_secret


class InstanceProvider(Ensured):
    """Inputs: platform, slug, service, instance, image (by digest), command, port, health, memory,
    start_timeout, stop_timeout. Outputs: address, owner (the resource's mark).

    Whatever changes makes another instance beside this one; this one stops when nothing leads to
    it any more. When an update fails between the two and the next one wants this instance again,
    Pulumi makes a new resource of it and then deletes the old one, which owns nothing any more.
    """

    replacing = frozenset(
        {"slug", "service", "instance", "image", "command", "port", "health", "memory"}
    )
    ignored: ClassVar[frozenset[str]] = frozenset({"start_timeout", "stop_timeout"})
    outputs = ("address", "owner")

    def identity(self, props: Props) -> str:
        return names.instance_container(props["platform"], props["slug"], props["instance"])

    def ensure(self, props: Props) -> Props:
        home, wanted = Home.current(), instances.Wanted.from_props(props)
        owner = instances.take_over(home, wanted)
        try:
            return {"address": instances.start(home, wanted), "owner": owner}
        except Exception:
            remove(home, wanted)
            raise

    def present(self, props: Props) -> bool:
        return instances.running(self.identity(props))

    def remove(self, props: Props) -> None:
        home, wanted = Home.current(), instances.Wanted.from_props(props)
        if instances.belongs_to(home, wanted, props.get("owner")):
            remove(home, wanted)


class Instance(LocalResource, name="Instance"):
    provider = InstanceProvider
    address: pulumi.Output[str]


def remove(home: Home, instance: instances.Wanted) -> None:
    """Stop it, then forget what only it had: registration, Consul token, secret, memory."""
    instances.stop(home, instance)
    client = consul_client(home)
    consul_space.deregister(client, instance.slug, instance.instance)
    consul_space.drop_token(client, instance.slug, instance.instance)
    path = names.instance_secret(instance.service, instance.instance)
    delete_secret(vault_client(home), instance.slug, path)
