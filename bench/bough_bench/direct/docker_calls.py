"""An environment's network and instances in Docker."""

import os
import shutil
import time
from ipaddress import IPv4Network
from pathlib import Path

import requests
from docker.models.containers import Container
from docker.models.networks import Network
from docker.types import EndpointConfig, IPAMConfig, IPAMPool, Mount

from bough_bench.direct.wanted import MEMORY, PORT, SERVICE, Engines, Wanted
from bough_components import names
from bough_components.local import subnets

USER = os.getuid() or 10001
READY_SECONDS = 60
FIRST_INSTANCE = 6


def make_network(engines: Engines, wanted: Wanted) -> Network:
    """The environment's network, with the engines that belong on it."""
    subnet = IPv4Network(wanted.subnet)
    pool = IPAMPool(wanted.subnet, gateway=str(subnet[1]))
    network = engines.docker.networks.create(
        names.environment_network(engines.platform, wanted.slug),
        driver="bridge",
        ipam=IPAMConfig(pool_configs=[pool]),
        labels=names.environment_labels(engines.platform, wanted.slug, "network"),
    )
    for alias, container in engines.attached.items():
        # where a neighbour that tries its isolation looks for them
        address = subnets.platform_address(wanted.subnet, alias.removesuffix(".bough"))
        network.connect(container, aliases=[alias], ipv4_address=address)
    return network


def remove_network(engines: Engines, wanted: Wanted) -> None:
    network = engines.docker.networks.get(names.environment_network(engines.platform, wanted.slug))
    for container in network.attrs["Containers"] or {}:
        network.disconnect(container, force=True)
    network.remove()


def memory_folder(engines: Engines, wanted: Wanted, instance: str) -> Path:
    """A folder in memory that only the instance's user can read."""
    folder = engines.memory / wanted.slug / instance
    folder.mkdir(mode=0o700, parents=True)
    if os.getuid() == 0:
        os.chown(folder, USER, USER)
    return folder


def deliver(folder: Path, token: str) -> None:
    file = folder / "wrapped-token"
    file.write_text(token)
    file.chmod(0o600)
    if os.getuid() == 0:
        os.chown(file, USER, USER)


def make_instance(
    engines: Engines, wanted: Wanted, instance: str, command: tuple[str, ...], number: int
) -> Container:
    """A container as bough makes them, not yet started, at the network's address `number`."""
    engines.docker.api.inspect_image(wanted.image)
    network = names.environment_network(engines.platform, wanted.slug)
    address = str(IPv4Network(wanted.subnet)[FIRST_INSTANCE + number])
    folder = str(engines.memory / wanted.slug / instance)
    endpoint = EndpointConfig(
        engines.docker.api.api_version, aliases=[SERVICE], ipv4_address=address
    )
    return engines.docker.containers.create(
        wanted.image,
        list(command),
        name=names.instance_container(engines.platform, wanted.slug, instance),
        hostname=instance,
        labels=names.environment_labels(engines.platform, wanted.slug, "instance"),
        environment={"BOUGH_ENVIRONMENT": wanted.slug, "PORT": str(PORT)},
        network=network,
        networking_config={network: endpoint},
        mounts=[Mount("/run/bough", folder, type="bind")],
        tmpfs={"/tmp": f"uid={USER},gid={USER},mode=700"},  # noqa: S108
        user=f"{USER}:{USER}",
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        mem_limit=MEMORY,
        memswap_limit=MEMORY,
        pids_limit=512,
        init=True,
        detach=True,
    )


def wait_ready(container: Container, address: str) -> None:
    """Return when the instance answers 2xx; RuntimeError with its log when it does not."""
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(f"http://{address}:{PORT}/"):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{container.name} is not ready: {container.logs(tail=5)!r}")
        time.sleep(0.03)


def remove_instance(engines: Engines, wanted: Wanted, instance: str) -> None:
    name = names.instance_container(engines.platform, wanted.slug, instance)
    container = engines.docker.containers.get(name)
    container.stop(timeout=10)
    container.remove(force=True)
    shutil.rmtree(engines.memory / wanted.slug / instance)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
