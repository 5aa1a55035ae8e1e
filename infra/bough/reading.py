"""Reading what instances write, all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

from bough.status import instances_of
from bough_components import names
from bough_components.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough_components.local.home import Home


@dataclass(frozen=True)
class Line:
    instance: str
    text: str


def log_lines(
    home: Home, slug: str, service: str | None, tail: int, *, follow: bool
) -> Iterator[Line]:
    """Lines of every instance of a service, or of all, as they come.

    Raises `NotFoundError` when nothing runs under that name.
    """
    chosen = choose(home, slug, service)
    lines: SimpleQueue[Line | None] = SimpleQueue()
    for found in chosen:
        arguments = (found, tail, follow, lines)
        Thread(target=_read, args=arguments, daemon=True).start()
    ended = 0
    while ended < len(chosen):
        line = lines.get()
        if line is None:
            ended += 1
        else:
            yield line


def choose(home: Home, slug: str, service: str | None) -> list[dict[str, Any]]:
    """The instances of a service, or all; `service` may also name one instance."""
    known = instances_of(home, slug)
    labels = (names.LABEL_SERVICE, names.LABEL_INSTANCE)
    chosen = [
        found
        for found in known
        if service is None or service in (found["Labels"][label] for label in labels)
    ]
    if not chosen:
        services = sorted({found["Labels"][names.LABEL_SERVICE] for found in known})
        raise NotFoundError(
            f"nothing runs in {slug} under the name {service or 'of any service'}",
            f"its services are: {', '.join(services) or 'none'}",
        )
    return chosen


def _read(found: dict[str, Any], tail: int, follow: bool, lines: SimpleQueue[Line | None]) -> None:
    from bough_components.local.clients import docker_client

    rest = b""
    try:
        container = docker_client().containers.get(found["Id"])
        for chunk in container.logs(stream=True, follow=follow, tail=tail):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                _put(found, line, lines)
        if rest:
            _put(found, rest, lines)
    finally:
        lines.put(None)


def _put(found: dict[str, Any], line: bytes, lines: SimpleQueue[Line | None]) -> None:
    instance = found["Labels"][names.LABEL_INSTANCE]
    lines.put(Line(instance, line.decode(errors="replace").rstrip("\r")))
