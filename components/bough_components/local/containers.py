"""Containers as bough runs all of them: no root, no capability, nothing else to write to."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bough_components.local.clients import docker_client

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docker.models.containers import Container
    from docker.types import Mount

HOST_NETWORK = "host"
"""This machine's own network, without a name or an address for the container."""

UNPRIVILEGED = 10001
"""The user that containers run as where bough itself runs as root."""


def user() -> int:
    """The user of every container: whoever runs bough, so that files are shared without root."""
    return os.getuid() or UNPRIVILEGED


def give(path: Path) -> None:
    """Make a file or folder belong to the user that containers run as."""
    if os.getuid() == 0:
        os.chown(path, UNPRIVILEGED, UNPRIVILEGED)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that makes a container. `memory` in bytes; `ports` container to host, on loopback.

    `binds` maps a host path to a path inside and whether it may be written; `volumes` a volume's
    name to a path inside. `health` is Docker's own check, for containers that others wait for.
    """

    name: str
    image: str
    labels: Mapping[str, str]
    network: str
    address: str | None = None
    aliases: tuple[str, ...] = ()
    hostname: str | None = None
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    binds: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    volumes: Mapping[str, str] = field(default_factory=dict)
    tmpfs: tuple[str, ...] = ("/tmp",)  # noqa: S108
    ports: Mapping[int, int] = field(default_factory=dict)
    memory: int = 256 << 20
    stop_signal: str | None = None
    stop_timeout: int = 10
    health: tuple[str, ...] = ()
    restart: bool = True


@dataclass(frozen=True)
class Ended:
    """How a container's program ended, and its last lines, oldest first."""

    status: int
    out_of_memory: bool
    log: tuple[str, ...]


def find(name: str) -> Container | None:
    from docker.errors import NotFound

    try:
        return docker_client().containers.get(name)
    except NotFound:
        return None


def create(plan: Plan) -> Container:
    """Create a container without starting it; one of the same name goes first."""
    remove(plan.name)
    return docker_client().containers.create(**_arguments(plan))


def remove(name: str, stop_timeout: int = 10) -> None:
    """Stop a container in its own way, then remove it; nothing there is success."""
    from docker.errors import APIError, NotFound

    container = find(name)
    if container is None:
        return
    try:
        container.stop(timeout=stop_timeout)
        container.remove(v=True, force=True)
    except NotFound:
        return
    except APIError as error:
        if "already in progress" not in str(error.explanation):
            raise


def ended(container: Container, timeout: float | None = None) -> Ended:
    """Wait for the end of its program, at most `timeout` seconds; then Docker's client raises."""
    status = int(container.wait(timeout=timeout)["StatusCode"])
    container.reload()
    memory = bool(container.attrs["State"]["OOMKilled"])
    return Ended(status, memory, tuple(log_tail(container)))


def log_tail(container: Container, lines: int = 20) -> list[str]:
    """The last lines that the container's program wrote, oldest first."""
    text: str = container.logs(tail=lines).decode(errors="replace")
    return text.splitlines()


def _arguments(plan: Plan) -> dict[str, Any]:
    owner = user()
    return {
        "image": plan.image,
        "name": plan.name,
        "hostname": plan.hostname,
        "entrypoint": list(plan.entrypoint) if plan.entrypoint else None,
        "command": list(plan.command) if plan.command else None,
        "labels": dict(plan.labels),
        "environment": dict(plan.environment),
        **_networking(plan),
        "mounts": _mounts(plan),
        "tmpfs": dict.fromkeys(plan.tmpfs, f"rw,nosuid,nodev,uid={owner},gid={owner},mode=700"),
        "ports": {
            f"{inside}/tcp": ("127.0.0.1", outside) for inside, outside in plan.ports.items()
        },
        "user": f"{owner}:{owner}",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "mem_limit": plan.memory,
        "memswap_limit": plan.memory,
        "pids_limit": 512,
        "init": True,
        "stop_signal": plan.stop_signal,
        "healthcheck": _healthcheck(plan),
        "restart_policy": {"Name": "unless-stopped" if plan.restart else "no"},
        "log_config": {"type": "json-file", "config": {"max-size": "5m", "max-file": "2"}},
        "detach": True,
    }


def _networking(plan: Plan) -> dict[str, Any]:
    from docker.types import EndpointConfig

    if plan.network == HOST_NETWORK:
        return {"network_mode": HOST_NETWORK}
    endpoint = EndpointConfig(
        docker_client().api.api_version, aliases=list(plan.aliases), ipv4_address=plan.address
    )
    return {"network": plan.network, "networking_config": {plan.network: endpoint}}


def _mounts(plan: Plan) -> list[Mount]:
    from docker.types import Mount

    binds = [
        Mount(inside, outside, type="bind", read_only=not writable)
        for outside, (inside, writable) in plan.binds.items()
    ]
    return binds + [Mount(path, name, type="volume") for name, path in plan.volumes.items()]


def _healthcheck(plan: Plan) -> dict[str, Any] | None:
    if not plan.health:
        return None
    second = 10**9
    return {
        "test": ["CMD", *plan.health],
        "interval": 15 * second,
        "timeout": 5 * second,
        "retries": 3,
        "start_period": 30 * second,
    }
