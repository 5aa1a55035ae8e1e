"""Removing what a platform keeps when it is down: volumes, keys, state, repositories."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local.clients import docker_client

if TYPE_CHECKING:
    from bough_components.local.home import Home


def purge(home: Home) -> None:
    """Remove every volume with the platform's label, what it holds in memory, and BOUGH_HOME."""
    wanted = f"{names.LABEL_PLATFORM}={home.settings.name}"
    for volume in docker_client().volumes.list(filters={"label": wanted}):
        volume.remove(force=True)
    shutil.rmtree(home.memory, ignore_errors=True)
    shutil.rmtree(home.root, ignore_errors=True)
