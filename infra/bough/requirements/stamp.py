"""A fingerprint of everything that decides what is installed in a checkout's `.venv`."""

import hashlib
import json
import tomllib
from pathlib import Path

from bough.requirements.checkout import LOCK

PROJECTS = (".", "secrets")
STAMP = "bough-stamp"
# Settings of linters and the like change often and change nothing that is installed.
TABLES = ("build-system", "project", "dependency-groups")


def fingerprint(root: Path) -> str:
    """Of the lock file, what both projects declare, and the Python that `.venv` runs."""
    declared = [_declared(root / project / "pyproject.toml") for project in PROJECTS]
    python = (root / ".venv" / "bin" / "python").resolve()
    text = json.dumps([str(python), str(root), declared], sort_keys=True)
    return hashlib.sha256((root / LOCK).read_bytes() + text.encode()).hexdigest()


def is_current(root: Path) -> bool:
    """True when `.venv` was completed from exactly these files with this Python."""
    stamp = root / ".venv" / STAMP
    python = root / ".venv" / "bin" / "python"
    if not (stamp.is_file() and python.exists()):
        return False
    return stamp.read_text() == fingerprint(root)


def _declared(project: Path) -> dict[str, object]:
    tables = tomllib.loads(project.read_text())
    packaging = tables.get("tool", {}).get("setuptools", {})
    return {"setuptools": packaging, **{name: tables.get(name) for name in TABLES}}
