"""Removing what a platform keeps when it is down: volumes, images, keys, state, repositories."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import registry
from bough_components.local.clients import docker_client

if TYPE_CHECKING:
    from pathlib import Path

    from bough_components.local.home import Home


def purge(home: Home) -> None:
    """Remove every volume with the platform's label, the images that came from its registry, what
    it holds in memory, and BOUGH_HOME."""
    wanted = f"{names.LABEL_PLATFORM}={home.settings.name}"
    for volume in docker_client().volumes.list(filters={"label": wanted}):
        volume.remove(force=True)
    _remove_images(registry.host(home))
    shutil.rmtree(home.memory, ignore_errors=True)
    for name in home.contents:
        _remove(home.root / name)
    with suppress(OSError):
        # what is not bough's stays, and so does the folder then
        home.root.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_images(host: str) -> None:
    api = docker_client().api
    references = [name for image in api.images() for name in image["RepoDigests"] or []]
    for reference in references:
        if reference.startswith(f"{host}/"):
            api.remove_image(reference, force=True)
