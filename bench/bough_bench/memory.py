"""Resident memory of containers, as the kernel counts it for each of their processes."""

import re
from collections.abc import Iterable
from pathlib import Path

import docker
from docker.models.containers import Container

from bough_components import names

_FIELD = re.compile(r"^(Rss|Pss):\s+(\d+) kB", re.M)


def containers(engine: docker.DockerClient, platform: str, role: str) -> list[Container]:
    """Running containers of a platform: its `instance`s, or those without an environment."""
    labels = [f"{names.LABEL_PLATFORM}={platform}"]
    if role == "instance":
        labels.append(f"{names.LABEL_ROLE}=instance")
    found = engine.containers.list(filters={"label": labels})
    shared = [each for each in found if names.LABEL_ENVIRONMENT not in each.labels]
    return found if role == "instance" else shared


def resident(found: Iterable[Container], kind: str = "Pss") -> float:
    """MB of all their processes; pages that processes share count once (Pss) or each time (Rss)."""
    return sum(_of_process(pid, kind) for container in found for pid in _processes(container))


def of_process(pid: int, kind: str = "Pss") -> float:
    """MB of one process of this machine."""
    return _of_process(str(pid), kind)


def shims(found: Iterable[Container]) -> float:
    """MB (Pss) of the Docker engine's own process beside each of these containers."""
    wanted = {container.id for container in found}
    return sum(
        _of_process(path.name, "Pss")
        for path in Path("/proc").glob("[0-9]*")
        if wanted & set(_command(path)) and "containerd-shim" in _command(path)[0]
    )


def available() -> float:
    """MB that the machine can still give."""
    found = re.search(r"MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _processes(container: Container) -> list[str]:
    answer = container.top(ps_args="-eo pid")
    return [row[0] for row in answer["Processes"]]


def _of_process(pid: str, kind: str) -> float:
    try:
        fields = dict(_FIELD.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return int(fields.get(kind, 0)) / 1024


def _command(process: Path) -> list[str]:
    try:
        return (process / "cmdline").read_text().split("\0")
    except OSError:
        return [""]
