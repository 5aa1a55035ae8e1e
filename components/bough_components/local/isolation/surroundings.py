"""What there is around an environment: its neighbours, and the addresses of everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import broker, looking, mariadb_databases, network, subnets
from bough_components.local.clients import vault_client
from bough_components.local.isolation.network_doors import Target, own
from bough_components.local.isolation.verdicts import PLATFORM
from bough_components.local.need_accounts import existing_needs, leases
from bough_components.local.vault_space import existing_services

if TYPE_CHECKING:
    from collections.abc import Iterable

    import hvac

    from bough_components.local.home import Home

_PORTS = {
    **{"registry": 5000, "postgres": 5432, "vault": 8200, "consul": 8500},
    **{"rabbitmq": broker.AMQP_PORT, "mariadb": mariadb_databases.PORT},
}


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """What there is of another environment; `leases` are ids of live ones."""

    subnet: str
    services: tuple[str, ...]
    needs: tuple[str, ...]
    leases: tuple[str, ...]


def neighbours(home: Home, slugs: Iterable[str]) -> dict[str, Neighbour]:
    """Those that have a network; nothing runs in others."""
    client = vault_client(home)
    return {
        slug: _neighbour(client, slug, subnet) for slug, subnet in subnets_of(home, slugs).items()
    }


def _neighbour(client: hvac.Client, slug: str, subnet: str) -> Neighbour:
    services, needs = sorted(existing_services(client, slug)), existing_needs(client, slug)
    paths = [f"{names.vault_need(slug, n)}/creds/{s}/" for n in needs for s in services]
    return Neighbour(
        subnet=subnet,
        services=tuple(services),
        needs=tuple(needs),
        leases=tuple(lease for path in paths for lease in leases(client, path)[:1]),
    )


def subnets_of(home: Home, slugs: Iterable[str]) -> dict[str, str]:
    """The subnet of each environment that has a network."""
    platform = home.settings.name
    found = {slug: network.find(names.environment_network(platform, slug)) for slug in slugs}
    return {slug: network.subnet_of(there) for slug, there in found.items() if there}


def targets(home: Home, subnet: str, neighbours: dict[str, str]) -> list[Target]:
    """Every address to try from an environment's network, given its neighbours' subnets; one of
    its own first."""
    return [
        *own(subnet),
        *_engines(home),
        *_published(home, subnet),
        *(each for slug, other in neighbours.items() for each in _of(home, slug, other)),
    ]


def _engines(home: Home) -> list[Target]:
    """One that is down has no address, and nothing to try."""
    platform = home.settings.name
    core = names.platform_network(platform)
    found = {role: looking.container(names.platform_container(platform, role)) for role in _PORTS}
    addresses = {
        role: container["NetworkSettings"]["Networks"].get(core, {}).get("IPAddress")
        for role, container in found.items()
        if container is not None
    }
    return [
        Target(
            of=PLATFORM,
            what=f"{role} on the platform's network",
            address=f"{address}/{_PORTS[role]}",
        )
        for role, address in addresses.items()
        if address
    ]


def _published(home: Home, subnet: str) -> list[Target]:
    """What this machine's programs use is bound to loopback alone."""
    return [
        Target(
            of=PLATFORM,
            what=f"{role} on this machine",
            address=f"{subnets.gateway(subnet)}/{port}",
            near=True,
        )
        for role, port in home.settings.ports.items()
    ]


def _of(home: Home, slug: str, subnet: str) -> list[Target]:
    """A neighbour's engines as it sees them, and its instances, whether somebody listens or not."""
    engines = [
        Target(
            of=slug,
            what=f"{role} on its network",
            address=f"{subnets.platform_address(subnet, role)}/{_PORTS[role]}",
        )
        for role in network.on_environments(home)
    ]
    found = looking.labelled(names.environment_labels(home.settings.name, slug, "instance"))
    instances = [
        Target(
            of=slug,
            what=f"instance {each['Names'][0].rpartition('.')[2]}",
            address=f"{endpoint['IPAddress']}/{port}",
        )
        for each in found
        for endpoint in each["NetworkSettings"]["Networks"].values()
        if endpoint["IPAddress"]
        for port in (1, 8000)
    ]
    return engines + instances
