"""What each engine of the platform is started with: its image's recipe, its configuration files."""

from __future__ import annotations

import hashlib
import json

from bough_components.local import images
from bough_components.local.edge import rendering


def image_of(role: str) -> images.PlatformImage:
    return images.PLATFORM["haproxy" if role == "edge" else role]


def settings(role: str, subnet: str) -> dict[str, str]:
    """Configuration files by name, for a platform whose own network is `subnet`.

    The edge's is rendered from the routes instead.
    """
    if role == "edge":
        return {}
    rendered = {"writers.json": _writers(subnet)} if role == "consul" else {}
    return image_of(role).file_texts() | rendered


def settings_mark(role: str) -> str:
    """A hash of the configuration files that an engine is started with, on any subnet."""
    texts = settings(role, subnet="")
    if role == "edge":
        texts = {"template": rendering.template(), "waiting": rendering.waiting()}
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]


def _writers(subnet: str) -> str:
    """Who may write into Consul beside the container itself: whoever asks from this machine.

    Such requests arrive through the published port, from the gateway of the platform's network.
    """
    return json.dumps({"http_config": {"allow_write_http_from": [subnet]}})
