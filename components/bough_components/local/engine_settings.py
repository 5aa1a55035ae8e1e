"""What each engine of the platform is started with: its image's recipe, its configuration files."""

from __future__ import annotations

import hashlib
import json

from bough_components.local import images


def image_of(role: str) -> images.PlatformImage:
    return images.PLATFORM["haproxy" if role == "edge" else role]


def settings(role: str) -> dict[str, str]:
    """Configuration files by name; the edge's is rendered from the routes instead."""
    return {} if role == "edge" else image_of(role).file_texts()


def settings_mark(role: str) -> str:
    """A hash of the configuration files that an engine is started with."""
    return hashlib.sha256(json.dumps(settings(role)).encode()).hexdigest()[:16]
