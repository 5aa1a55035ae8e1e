"""The folder where engines that were built, and what was learned about others, are kept."""

import os
from pathlib import Path

from bough.requirements.engines import Engine


def cache_root() -> Path:
    """`$XDG_CACHE_HOME/bough`; a relative value is ignored (XDG base directory specification)."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(configured) if configured.startswith("/") else Path.home() / ".cache"
    return base / "bough"


def engine_home(engine: Engine) -> Path:
    """Where this exact build of an engine lives; it exists only when it is complete."""
    return cache_root() / "engines" / f"{engine.name}-{engine.version}-{engine.checksum}"
