"""What Docker says of things that stand, without its SDK, which takes a tenth of a second to load.

Every `pulumi up` looks; whoever acts uses the SDK. Paths and answers are those of Docker's Engine
API.
"""

from __future__ import annotations

import json
import os
import socket
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bough_components.errors import UnavailableError
from bough_components.local.clients import docker_client

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from docker import APIClient

_SCHEME = "unix://"
_DEFAULT = "unix:///var/run/docker.sock"
_PATIENCE = 120
_OK, _NOT_FOUND = 200, 404


def container(name: str) -> dict[str, Any] | None:
    """The whole description of a container, or None."""
    path = f"/containers/{quote(name)}/json"
    found: dict[str, Any] | None = _seen(path, lambda api: api.inspect_container(name))
    return found


def network(name: str) -> dict[str, Any] | None:
    """The whole description of a network, or None."""
    path = f"/networks/{quote(name)}"
    found: dict[str, Any] | None = _seen(path, lambda api: api.inspect_network(name))
    return found


def labelled(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Short descriptions of the containers, running or not, that carry all these labels."""
    filters = {"label": [f"{key}={value}" for key, value in labels.items()]}
    path = f"/containers/json?all=1&filters={quote(json.dumps(filters))}"
    return _seen(path, lambda api: api.containers(all=True, filters=filters)) or []


def _seen(path: str, otherwise: Callable[[APIClient], Any]) -> Any:
    """An answer over Docker's socket; the SDK's where Docker is reached in another way."""
    host = os.environ.get("DOCKER_HOST") or _DEFAULT
    if host.startswith(_SCHEME):
        return _asked(host.removeprefix(_SCHEME), path)
    from docker.errors import NotFound

    try:
        return otherwise(docker_client().api)
    except NotFound:
        return None


def _asked(address: str, path: str) -> Any:
    connection = _Connection(address)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, HTTPException):
        raise UnavailableError(
            "the Docker engine does not answer", "start it, then see `bough doctor`"
        ) from None
    finally:
        connection.close()
    if answer.status == _NOT_FOUND:
        return None
    if answer.status != _OK:
        raise UnavailableError(f"the Docker engine answered {answer.status}: {text.decode()[:200]}")
    return json.loads(text)


class _Connection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, address: str) -> None:
        super().__init__("docker", timeout=_PATIENCE)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_PATIENCE)
        self.sock.connect(self._address)
