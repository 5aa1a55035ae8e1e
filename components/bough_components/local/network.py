"""Docker networks: one for the platform, a small one of its own for every environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from bough_components import names
from bough_components.errors import RefusedError
from bough_components.local import looking, subnets
from bough_components.local.clients import docker_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    from docker.models.networks import Network as DockerNetwork


def find(name: str) -> DockerNetwork | None:
    """The network of exactly that name, or None."""
    from docker.errors import NotFound

    try:
        return docker_client().networks.get(name)
    except NotFound:
        return None


def subnet_of(network: DockerNetwork) -> str:
    subnet: str = network.attrs["IPAM"]["Config"][0]["Subnet"]
    return subnet


def environment_subnet(home: Home, slug: str) -> str:
    """The subnet of an environment; `RefusedError` when it has no network."""
    found = find(names.environment_network(home.settings.name, slug))
    if found is None:
        raise RefusedError(f"environment {slug} has no network", f"run `bough up` for {slug} again")
    return subnet_of(found)


def create(home: Home, name: str, labels: dict[str, str]) -> DockerNetwork:
    """Make a network on a free subnet of the platform's range; `RefusedError` when none is left."""
    from docker.errors import APIError
    from docker.types import IPAMConfig, IPAMPool

    pool = home.settings.subnets
    for subnet in subnets.free_subnets(pool, _taken()):
        ipam = IPAMConfig(
            pool_configs=[IPAMPool(str(subnet), gateway=subnets.gateway(str(subnet)))]
        )
        try:
            return docker_client().networks.create(name, driver="bridge", ipam=ipam, labels=labels)
        except APIError as error:
            # another process took the subnet, or the host routes it elsewhere: try the next one
            if "overlap" not in str(error.explanation):
                raise
    raise RefusedError(
        f"no subnet is left in {pool} for another environment",
        "destroy one that nobody uses (`bough ls`), or name another range:"
        " `bough platform up --subnets CIDR`",
    )


def attach(home: Home, role: str, network: DockerNetwork) -> None:
    """Put a platform container on an environment's network under its fixed address and alias."""
    from docker.errors import APIError, NotFound

    try:
        network.connect(
            names.platform_container(home.settings.name, role),
            aliases=[f"{role}.bough"],
            ipv4_address=subnets.platform_address(subnet_of(network), role),
        )
    except NotFound:
        # one that is being made takes its place by itself
        if role not in names.OPTIONAL_ENGINES:
            raise
    except APIError as error:
        if "already exists" not in str(error.explanation):
            raise


def remove(name: str) -> None:
    """Take a network away, whoever still stands on it; nothing there is success."""
    from docker.errors import NotFound

    network = find(name)
    if network is None:
        return
    for container in {*(network.attrs["Containers"] or {}), *_stopped_on(network)}:
        _disconnect(network, container)
    try:
        network.remove()
    except NotFound:
        return


def _stopped_on(network: DockerNetwork) -> list[str]:
    """Platform containers that Docker no longer lists there, and could not start again without."""
    platform = (network.attrs["Labels"] or {}).get(names.LABEL_PLATFORM)
    found = looking.labelled({names.LABEL_PLATFORM: platform}) if platform else []
    return [each["Id"] for each in found if network.name in each["NetworkSettings"]["Networks"]]


def _disconnect(network: DockerNetwork, container: str) -> None:
    from docker.errors import APIError, NotFound

    try:
        network.disconnect(container, force=True)
    except (NotFound, APIError) as error:
        if isinstance(error, NotFound) or "is not connected" in str(error.explanation):
            return
        raise


def environments(platform: str) -> list[str]:
    """Slugs of the environments that have a network."""
    label = f"{names.LABEL_PLATFORM}={platform}"
    found = docker_client().api.networks(filters={"label": label})
    labels = [network["Labels"] for network in found]
    return [each[names.LABEL_ENVIRONMENT] for each in labels if names.LABEL_ENVIRONMENT in each]


def _taken() -> list[str]:
    networks = docker_client().api.networks()
    configs = [config for network in networks for config in network["IPAM"]["Config"] or []]
    return [config["Subnet"] for config in configs if ":" not in config.get("Subnet", ":")]


class PlatformNetworkProvider(Ensured):
    """Input: platform. Output: subnet."""

    outputs = ("subnet",)

    def identity(self, props: Props) -> str:
        return names.platform_network(props["platform"])

    def ensure(self, props: Props) -> Props:
        labels = names.platform_labels(props["platform"], "network")
        name = self.identity(props)
        return {"subnet": subnet_of(find(name) or create(Home.current(), name, labels))}

    def present(self, props: Props) -> bool:
        return looking.network(self.identity(props)) is not None

    def remove(self, props: Props) -> None:
        remove(self.identity(props))


class PlatformNetwork(LocalResource, name="PlatformNetwork"):
    provider = PlatformNetworkProvider
    subnet: pulumi.Output[str]


def on_environments(home: Home) -> list[str]:
    """Roles of the platform's containers that stand on every environment's network."""
    return [role for role in home.settings.engines if subnets.is_on_environments(role)]


def _absent(home: Home, network: dict[str, Any]) -> list[str]:
    """Platform containers that should stand on an environment's network and do not."""
    there = {entry["Name"] for entry in (network["Containers"] or {}).values()}
    return [
        role
        for role in on_environments(home)
        if names.platform_container(home.settings.name, role) not in there
    ]


class EnvironmentNetworkProvider(Ensured):
    """Inputs: platform, slug. Output: subnet."""

    outputs = ("subnet",)

    def identity(self, props: Props) -> str:
        return names.environment_network(props["platform"], props["slug"])

    def ensure(self, props: Props) -> Props:
        home, name = Home.current(), self.identity(props)
        labels = names.environment_labels(props["platform"], props["slug"], "network")
        network = find(name) or create(home, name, labels)
        network.reload()
        for role in _absent(home, network.attrs):
            attach(home, role, network)
        return {"subnet": subnet_of(network)}

    def present(self, props: Props) -> bool:
        network = looking.network(self.identity(props))
        return network is not None and not _absent(Home.current(), network)

    def remove(self, props: Props) -> None:
        remove(self.identity(props))


class EnvironmentNetwork(LocalResource, name="EnvironmentNetwork"):
    provider = EnvironmentNetworkProvider
    subnet: pulumi.Output[str]
