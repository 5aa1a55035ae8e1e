"""The workshop in which this platform's images are pulled or built."""

from __future__ import annotations

from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from bough_components.local.clients import docker_client
from bough_components.local.images import VAULT_PLUGINS, Workshop
from bough_components.local.images.workshop import host_ca_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough_components.local.home import Home

BINARIES = ("vault", "consul", *VAULT_PLUGINS)


def workshop(home: Home, report: Callable[[str], None]) -> Workshop:
    return Workshop(
        engine=docker_client().api,
        cache=home.folder("cache"),
        binaries=_binaries(),
        report=report,
        ca_bundle=host_ca_bundle(),
    )


def _binaries() -> dict[str, Path]:
    """Engines on this process's PATH, which `bough` sets up; only a local build needs them."""
    found = {name: which(name) for name in BINARIES}
    return {name: Path(path) for name, path in found.items() if path}
