"""Finds the Python packages: as locked in a checkout, else as bough's own metadata asks for."""

import re
import sys
from importlib import metadata
from pathlib import Path

from bough.requirements.checkout import checkout
from bough.requirements.finding import Finding
from bough.requirements.stamp import is_current
from bough.requirements.versions import Range


def find_packages() -> Finding:
    """Every package that bough imports, in the environment that runs it."""
    root = checkout()
    if root and Path(sys.prefix) == root / ".venv":
        problem = "" if is_current(root) else "not what requirements.lock says"
        return Finding("as locked" if not problem else "other", problem, where=sys.prefix)
    missing = [name for name in _declared("bough") if installed(name) is None]
    if missing:
        return Finding(None, f"missing: {', '.join(missing)}", where=sys.prefix)
    return Finding("installed", where=sys.prefix)


def find_consul_client(wanted: Range) -> Finding:
    """py-consul and python-consul overwrite each other's module, so the older must not be there."""
    version, rival = installed("py-consul"), installed("python-consul")
    if rival:
        return Finding(version, f"python-consul {rival} overwrites its module `consul`")
    if version is None:
        return Finding(None, "not installed")
    return Finding(version, "" if version in wanted else "another version is needed")


def installed(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _declared(distribution: str) -> list[str]:
    if installed(distribution) is None:
        return [distribution]
    lines = metadata.requires(distribution) or []
    always = [line for line in lines if "extra ==" not in line]
    return [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in always]
