"""What an environment had before its last update, and instances that nobody knows: taken away.

Declared after everything else, so that an update which fails leaves the old release all it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import (
    consul_space,
    instances,
    looking,
    need_accounts,
    vault_space,
)
from bough_components.local.clients import consul_client, vault_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    from collections.abc import Collection


class PruningProvider(Ensured):
    """Inputs: platform, slug, services (service to the needs that it uses), needs, config
    (names of settings), instances."""

    replacing = frozenset({"slug"})

    def identity(self, props: Props) -> str:
        return f"{props['slug']}/pruning"

    def ensure(self, props: Props) -> Props:
        home, slug, services = Home.current(), props["slug"], props["services"]
        for stranger in strangers(home, slug, props["instances"]):
            instances.remove(home, stranger)
        vault, consul = vault_client(home), consul_client(home)
        for need in props["needs"]:
            users = [service for service, needs in services.items() if need in needs]
            need_accounts.prune(vault, slug, need, users)
        vault_space.prune(vault, slug, services)
        kept = {"services": services, "needs": props["needs"], "config": props["config"]}
        consul_space.prune(consul, slug, kept)
        return {}

    def present(self, props: Props) -> bool:
        return not strangers(Home.current(), props["slug"], props["instances"])


class Pruning(LocalResource, name="Pruning"):
    provider = PruningProvider


def strangers(home: Home, slug: str, known: Collection[str]) -> list[instances.Wanted]:
    """Instances and jobs of an environment that are none of these, such as an aborted update's."""
    wanted = {names.LABEL_PLATFORM: home.settings.name, names.LABEL_ENVIRONMENT: slug}
    return [
        instances.Wanted.from_labels(found["Labels"])
        for found in looking.labelled(wanted)
        if found["Labels"][names.LABEL_INSTANCE] not in known
    ]
