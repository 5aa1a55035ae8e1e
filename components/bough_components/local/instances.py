"""Starting, watching and stopping the instances of a service; one-off jobs like them."""

from __future__ import annotations

import json
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.errors import RefusedError, UnhealthyError
from bough_components.local import (
    consul_space,
    containers,
    delivery,
    edge,
    looking,
    network,
    registration,
    registry,
    subnets,
)
from bough_components.local.clients import consul_client, http, vault_client
from bough_components.local.home import Home
from bough_components.local.logins import wrapped_secret_id
from bough_components.local.vault_space import delete_secret, write_secret

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docker.models.containers import Container

CREDENTIAL = "wrapped-token"
INCIDENT = "incident"
"""What an instance leaves that suspects a theft; while it lies there, none of its name starts."""

_POLL = 0.03
_SETTLING = 0.5
_allocation = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One instance, named `instance` in its environment; `memory` in bytes, times in seconds."""

    platform: str
    slug: str
    service: str
    instance: str
    image: str
    command: list[str] | None
    port: int | None
    health: str | None
    memory: int
    start_timeout: int
    stop_timeout: int
    liveness: str | None = None
    drain_timeout: int = 30

    @classmethod
    def from_props(cls, props: dict[str, Any]) -> Wanted:
        # Pulumi leaves out what is None, and a state may be older than a field
        known: dict[str, Any] = {
            field.name: props.get(field.name, None if field.default is MISSING else field.default)
            for field in fields(cls)
        }
        return cls(**known)

    @classmethod
    def from_labels(cls, labels: Mapping[str, str]) -> Wanted:
        """What a container of bough's was made from."""
        return cls(**json.loads(labels[names.LABEL_INPUTS]))

    @property
    def container(self) -> str:
        return names.instance_container(self.platform, self.slug, self.instance)


def running(home: Home, wanted: Wanted) -> bool:
    """Whether it runs and may: one that suspects a theft is up for a moment, again and again."""
    found = looking.container(wanted.container)
    incident = delivery.read(home.instance_memory(wanted.slug, wanted.instance), INCIDENT)
    return found is not None and found["State"]["Status"] == "running" and incident is None


def start(home: Home, wanted: Wanted, address: str | None = None) -> str:
    """Bring an instance up and wait until it is ready; its address on the environment's network,
    the given one if it must be made.

    One that runs already is left alone: it may be serving. Raises `UnhealthyError`, with the end
    of the instance's log, when it dies or is not ready in time.
    """
    container = containers.find(wanted.container)
    if container is None:
        container = _created(home, wanted, restart=True, address=address)
        container.start()
    elif not running(home, wanted):
        # or Docker, which starts it ever later, would not start it now nor forget the count
        container.stop(timeout=wanted.stop_timeout)
        delivery.withdraw(_memory_folder(home, wanted), INCIDENT)
        deliver_credential(home, wanted)
        container.start()
    found = _wait_until_ready(container, wanted)
    registration.register(home, wanted, found)
    return found


def restart(wanted: Wanted) -> None:
    """Stop an instance in its own way and start it again, with the login that it kept."""
    container = containers.find(wanted.container)
    if container is not None:
        container.restart(timeout=wanted.stop_timeout)


def run(home: Home, wanted: Wanted) -> list[str]:
    """Run a one-off job to its end as an instance of its service; the end of its log.

    Raises `UnhealthyError` when it fails or takes longer than `start_timeout`.
    """
    container = begin(home, wanted)
    try:
        ended = containers.ended(container, wanted.start_timeout)
    except Exception as error:
        raise _unhealthy(container, wanted, "did not end in time") from error
    if ended.status != 0:
        raise _unhealthy(container, wanted, f"failed with exit status {ended.status}")
    return list(ended.log)


def begin(home: Home, wanted: Wanted) -> Container:
    """Start a one-off job as an instance of its service; who starts it must `remove` it."""
    container = _created(home, wanted, restart=False)
    container.start()
    return container


def stop(home: Home, wanted: Wanted) -> None:
    """Stop an instance and wipe what it held in memory; nothing there is success."""
    containers.remove(wanted.container, wanted.stop_timeout)
    shutil.rmtree(home.instance_memory(wanted.slug, wanted.instance), ignore_errors=True)


def remove(home: Home, wanted: Wanted) -> None:
    """Hand it out no more, let it finish what it began, stop it, then forget what only it had:
    token, secret, memory."""
    client, server = consul_client(home), server_of(wanted)
    consul_space.deregister(client, wanted.slug, wanted.instance)
    if server and edge.find(home, wanted.slug):
        edge.drain(home, server, wanted.drain_timeout)
    stop(home, wanted)
    if server:
        edge.forget(home, server)
    consul_space.drop_tokens(client, wanted.slug, wanted.instance)
    path = names.instance_secret(wanted.service, wanted.instance)
    delete_secret(vault_client(home), names.vault_kv(wanted.slug), path)


def server_of(wanted: Wanted) -> str | None:
    """`address:port` of an instance as the edge knows it; None when it has no container, or no
    port."""
    container = containers.find(wanted.container)
    if container is None or wanted.port is None:
        return None
    return f"{address_of(container)}:{wanted.port}"


def addresses(slug: str, platform: str) -> list[str]:
    """Addresses given to the environment's instances, whether they run or not."""
    labels = names.environment_labels(platform, slug, "instance")
    found = looking.labelled({key: labels[key] for key in labels if key != names.LABEL_ROLE})
    endpoints = [
        endpoint["IPAMConfig"] or {}
        for container in found
        for endpoint in container["NetworkSettings"]["Networks"].values()
    ]
    return [config["IPv4Address"] for config in endpoints if "IPv4Address" in config]


def _created(home: Home, wanted: Wanted, *, restart: bool, address: str | None = None) -> Container:
    """A container, made while its credential is."""
    with ThreadPoolExecutor(1) as beside:
        delivered = beside.submit(deliver_credential, home, wanted)
        container = _create(home, wanted, restart=restart, address=address)
    delivered.result()
    return container


def _create(home: Home, wanted: Wanted, *, restart: bool, address: str | None = None) -> Container:
    registry.ensure_pulled(home, wanted.image)
    found = network.find(names.environment_network(wanted.platform, wanted.slug))
    if found is None:
        raise RefusedError(
            f"environment {wanted.slug} has no network", f"run `bough up` for {wanted.slug} again"
        )
    memory = _memory_folder(home, wanted)
    with _allocation:
        free = subnets.instance_addresses(
            network.subnet_of(found), addresses(wanted.slug, wanted.platform)
        )
        address = address or next(iter(free), None)
        if address is None:
            raise RefusedError(
                f"no address is left in environment {wanted.slug} for {wanted.instance}",
                "lower `replicas` in bough.yaml",
            )
        return containers.create(_plan(wanted, str(memory), address, restart=restart))


def _plan(wanted: Wanted, memory: str, address: str, *, restart: bool) -> containers.Plan:
    role = "instance" if restart else "job"
    facts = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    return containers.Plan(
        name=wanted.container,
        image=wanted.image,
        labels={
            **names.environment_labels(wanted.platform, wanted.slug, role),
            names.LABEL_SERVICE: wanted.service,
            names.LABEL_INSTANCE: wanted.instance,
            names.LABEL_INPUTS: json.dumps(facts),
        },
        network=names.environment_network(wanted.platform, wanted.slug),
        address=address,
        aliases=(wanted.service,) if restart else (),
        hostname=wanted.instance,
        command=tuple(wanted.command) if wanted.command else None,
        environment={
            "BOUGH_ENVIRONMENT": wanted.slug,
            **({"PORT": str(wanted.port)} if wanted.port else {}),
        },
        binds={memory: ("/run/bough", True)},
        memory=wanted.memory,
        stop_timeout=wanted.stop_timeout,
        restart=restart,
    )


def _memory_folder(home: Home, wanted: Wanted) -> Path:
    """A folder that only the instance's user can read, gone with the machine's memory."""
    folder = home.memory_folder(wanted.slug, wanted.instance)
    containers.give(folder)
    return folder


def deliver_credential(home: Home, wanted: Wanted) -> None:
    """Mint the instance's Consul token and its one wrapped credential, the latter into memory.

    The Consul token that it may work with now stays good until the next delivery.
    """
    renew_consul_token(home, wanted.slug, wanted.service, wanted.instance)
    wrapped = wrapped_secret_id(vault_client(home), wanted.slug, wanted.service)
    delivery.deliver(_memory_folder(home, wanted), CREDENTIAL, wrapped)


def renew_consul_token(home: Home, slug: str, service: str, instance: str) -> None:
    """Mint a Consul token beside the newest that an instance has, and leave it in its secret."""
    consul = consul_client(home)
    consul_space.drop_tokens(consul, slug, instance, kept=1)
    _, token = consul_space.mint_token(consul, slug, service, instance)
    path = names.instance_secret(service, instance)
    write_secret(vault_client(home), names.vault_kv(slug), path, {"consul_token": token})


def _wait_until_ready(container: Container, wanted: Wanted) -> str:
    container.reload()
    address = address_of(container)
    deadline = time.monotonic() + wanted.start_timeout
    while not _ready(container, wanted, address):
        container.reload()
        if container.status != "running" or container.attrs["RestartCount"] > 0:
            raise _unhealthy(container, wanted, "died while it started")
        if time.monotonic() > deadline:
            after = f"was not ready within {wanted.start_timeout} s"
            raise _unhealthy(container, wanted, f"{after}{_asked(wanted)}")
        time.sleep(_POLL)
    return address


def address_of(container: Container) -> str:
    """The address that it was given, whether it runs or not."""
    networks = container.attrs["NetworkSettings"]["Networks"].values()
    address: str = next(iter(networks))["IPAMConfig"]["IPv4Address"]
    return address


def _asked(wanted: Wanted) -> str:
    return f" (asked GET {wanted.health} on port {wanted.port})" if wanted.port else ""


def _ready(container: Container, wanted: Wanted, address: str) -> bool:
    import requests

    if wanted.port is None:
        return _settled(container, wanted)
    try:
        url = f"http://{address}:{wanted.port}{wanted.health}"
        return http().get(url, timeout=2, allow_redirects=False).ok
    except requests.RequestException:
        return False


def _settled(container: Container, wanted: Wanted) -> bool:
    """A service without a port is ready when it has used its credential and stays up a second."""
    if (Home.current().instance_memory(wanted.slug, wanted.instance) / CREDENTIAL).exists():
        return False
    time.sleep(_SETTLING)
    container.reload()
    return container.status == "running" and container.attrs["RestartCount"] == 0


def _unhealthy(container: Container, wanted: Wanted, what: str) -> UnhealthyError:
    return UnhealthyError(
        f"{wanted.service} of {wanted.slug} {what} (instance {wanted.instance}); its last lines",
        containers.log_tail(container),
        "mend it and push again; what served before still serves",
    )
