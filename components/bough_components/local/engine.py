"""One engine of the platform in its container: registry, postgres, vault, consul, the edge or one
that an application asked for."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from docker.errors import NotFound

from bough_components import names
from bough_components.local import containers, edge, images, keys, looking, network, probes, subnets
from bough_components.local.clients import docker_client
from bough_components.local.edge import container as edge_container
from bough_components.local.engine_settings import image_of, settings
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    from pathlib import Path

    from docker.models.containers import Container

_MEMORY = {
    **{"registry": 192, "postgres": 768, "vault": 512, "consul": 512, "edge": 256},
    **{"rabbitmq": 512, "mariadb": 512},
}
"""Limits in MiB; at rest each needs a fraction."""


class EngineProvider(Ensured):
    """Inputs: platform, role, image (pinned), port (on 127.0.0.1), subnet (of the platform's
    network), settings (hash of its configuration files).

    Its data are in volumes and stay when the container goes.
    """

    replacing = frozenset({"role"})

    def identity(self, props: Props) -> str:
        return names.platform_container(props["platform"], props["role"])

    def ensure(self, props: Props) -> Props:
        home, name = Home.current(), self.identity(props)
        container = containers.find(name)
        if container is None or container.labels.get(names.LABEL_INPUTS) != _mark(props):
            container = _replace(home, props, container)
        _attach_to_environments(home, props["role"])
        try:
            container.start()
        except NotFound:
            # it stands on a network that went while it was down
            containers.remove(name)
            container = containers.create(_plan(home, props))
            _attach_to_environments(home, props["role"])
            container.start()
        probes.wait(home, props["role"])
        return {}

    def present(self, props: Props) -> bool:
        container = looking.container(self.identity(props))
        return container is not None and container["State"]["Status"] == "running"

    def remove(self, props: Props) -> None:
        if props["role"] == "edge":
            edge_container.remove(Home.current())
        containers.remove(self.identity(props), stop_timeout=30)


class Engine(LocalResource, name="Engine"):
    provider = EngineProvider


def _replace(home: Home, props: Props, old: Container | None) -> Container:
    if old is not None and props["role"] == "edge" and edge_container.can_hand_over(old):
        return edge_container.hand_over(home, old, _plan(home, props))
    containers.remove(EngineProvider().identity(props), stop_timeout=30)
    return containers.create(_plan(home, props))


def _mark(props: Props) -> str:
    kept = {key: value for key, value in props.items() if key != "__provider"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


def _plan(home: Home, props: Props) -> containers.Plan:
    role, image = props["role"], image_of(props["role"])
    plan = containers.Plan(
        name=names.platform_container(props["platform"], role),
        image=props["image"],
        labels={
            **names.platform_labels(props["platform"], role),
            names.LABEL_INPUTS: _mark(props),
        },
        network=names.platform_network(props["platform"]),
        aliases=(f"{role}.bough",),
        entrypoint=image.command,
        environment=image.environment,
        binds={
            str(_configuration(home, props)): ("/etc/bough", False),
            str(keys.ensure(home, role)): ("/run/keys", False),
        },
        volumes=_volumes(props, image, props["image"]),
        tmpfs=image.tmpfs,
        ports={image.port: props["port"]},
        memory=_MEMORY[role] << 20,
        stop_signal=image.stop_signal,
        stop_timeout=30,
        health=image.health,
    )
    return edge_container.planned(home, plan) if role == "edge" else plan


def _configuration(home: Home, props: Props) -> Path:
    """The folder that the container sees as /etc/bough."""
    if props["role"] == "edge":
        edge.configure(home)
        folder = home.folder("edge/configuration")
    else:
        folder = home.folder(f"configuration/{props['role']}")
        for name, text in settings(props["role"], props["subnet"]).items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o644)
    folder.chmod(0o755)
    return folder


def _volumes(props: Props, image: images.PlatformImage, reference: str) -> dict[str, str]:
    paths = [path for path in (image.data_dir, *image.volumes) if path]
    volumes = {
        names.platform_volume(props["platform"], props["role"], path.rpartition("/")[2]): path
        for path in paths
    }
    for name in volumes:
        _ensure_volume(name, names.platform_labels(props["platform"], props["role"]), reference)
    return volumes


def _ensure_volume(name: str, labels: dict[str, str], image: str) -> None:
    """A volume that the engine's user owns; a container of a moment gives it to them."""
    volumes, owner = docker_client().volumes, containers.user()
    try:
        volumes.get(name)
    except NotFound:
        volumes.create(name, labels=labels)
    docker_client().containers.run(
        image,
        entrypoint=["chown", f"{owner}:{owner}", "/volume"],
        volumes={name: {"bind": "/volume", "mode": "rw"}},
        user="0:0",
        network_mode="none",
        cap_drop=["ALL"],
        cap_add=["CHOWN"],
        labels=labels,
        remove=True,
    )


def _attach_to_environments(home: Home, role: str) -> None:
    """A container made anew takes its place on every environment's network again."""
    if not subnets.is_on_environments(role):
        return
    wanted = f"{names.LABEL_PLATFORM}={home.settings.name}"
    for found in docker_client().networks.list(filters={"label": wanted}):
        if names.LABEL_ENVIRONMENT in found.attrs["Labels"]:
            network.attach(home, role, found)
