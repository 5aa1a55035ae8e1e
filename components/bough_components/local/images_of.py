"""The images that a platform's engines run, pinned, and what the operator must know of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bough_components.local import images
from bough_components.local.clients import docker_client
from bough_components.local.engine import image_of
from bough_components.local.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bough_components.local.home import Home

ROLES = ("registry", "postgres", "vault", "consul", "edge")
_CHECKSUM = "bough.sha256."
_PLUGIN = "-database-plugin"


def platform_images(home: Home, report: Callable[[str], None]) -> dict[str, str]:
    """Role to an image by digest, pulled or built where it is missing."""
    shop = workshop(home, report)
    with ThreadPoolExecutor(2) as pool:
        resolved = pool.map(lambda role: _by_digest(images.resolve(image_of(role), shop)), ROLES)
        return dict(zip(ROLES, resolved, strict=True))


def _by_digest(image: images.ResolvedImage) -> str:
    """A pulled image's reference names the registry's digest; a built one has only its own."""
    return image.reference if image.origin == "pulled" else image.digest


def vault_plugins(references: Mapping[str, str]) -> dict[str, str]:
    """Database plugins that Vault's image brings as programs of their own: name to SHA-256."""
    labels = docker_client().images.get(references["vault"]).labels
    programs = {
        key.removeprefix(_CHECKSUM): value
        for key, value in labels.items()
        if key.startswith(_CHECKSUM)
    }
    return {name: value for name, value in programs.items() if name.endswith(_PLUGIN)}
