"""The platform's image registry: every image in it is found by digest, and nobody retags one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bough_components.errors import BuildError, NotFoundError
from bough_components.local.clients import LOOPBACK, docker_client, http

if TYPE_CHECKING:
    import requests

    from bough_components.local.home import Home

MANIFESTS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


def host(home: Home) -> str:
    return f"{LOOPBACK}:{home.settings.ports['registry']}"


def session(home: Home) -> requests.Session:
    """A session of HTTP that the registry lets push and pull."""
    made = http()
    made.auth = _credentials(home)
    return made


def find(home: Home, repository: str, tag: str) -> str | None:
    """`host/repository@sha256:…` of what was pushed under that tag, or None."""

    answer = session(home).head(
        f"http://{host(home)}/v2/{repository}/manifests/{tag}",
        headers={"Accept": ", ".join(MANIFESTS)},
        timeout=10,
    )
    if answer.status_code == 404:
        return None
    answer.raise_for_status()
    return f"{host(home)}/{repository}@{answer.headers['Docker-Content-Digest']}"


def push(home: Home, image: str, repository: str, tag: str) -> str:
    """Push an image of the engine; `host/repository@sha256:…`."""
    name = f"{host(home)}/{repository}"
    api = docker_client().api
    api.tag(image, name, tag)
    try:
        for event in api.push(name, tag, stream=True, decode=True, auth_config=_login(home)):
            if "error" in event:
                raise BuildError(f"{name} could not be pushed", [event["error"]])
    finally:
        api.remove_image(f"{name}:{tag}", noprune=True)
    pushed = find(home, repository, tag)
    if pushed is None:
        raise BuildError(f"{name} was pushed but the registry does not have it")
    return pushed


def ensure_pulled(home: Home, reference: str) -> None:
    """Have the engine hold an image of ours; `NotFoundError` when the registry lost it."""
    from docker.errors import ImageNotFound, NotFound

    api = docker_client().api
    try:
        api.inspect_image(reference)
    except ImageNotFound:
        try:
            for event in api.pull(reference, stream=True, decode=True, auth_config=_login(home)):
                if "error" in event:
                    raise _lost(reference, event["error"]) from None
        except NotFound as error:
            raise _lost(reference, str(error.explanation)) from None


def _lost(reference: str, why: str) -> NotFoundError:
    return NotFoundError(
        f"the image {reference} is not in the registry: {why}", "run `bough up` to build it again"
    )


def _credentials(home: Home) -> tuple[str, str]:
    facts: dict[str, Any] = json.loads(home.credential("operator/registry"))
    return facts["username"], facts["password"]


def _login(home: Home) -> dict[str, str]:
    username, password = _credentials(home)
    return {"username": username, "password": password}
