"""The images of the platform and the base images of applications: pulled, or else built here."""

from bough_components.local.images.recipes import PLATFORM, VAULT_PLUGINS, PlatformImage, Recipe
from bough_components.local.images.resolve import resolve
from bough_components.local.images.workshop import ResolvedImage, Workshop

__all__ = [
    "PLATFORM",
    "VAULT_PLUGINS",
    "PlatformImage",
    "Recipe",
    "ResolvedImage",
    "Workshop",
    "resolve",
]
