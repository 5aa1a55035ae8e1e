"""The run-time library as a wheel: applications get the one that fits this bough."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from bough_components.errors import BuildError

if TYPE_CHECKING:
    from bough_components.local.home import Home

_PIP_WHEEL = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation")
SOURCE = Path(__file__).parents[3] / "secrets"


def wheel(home: Home) -> Path:
    """The wheel of `bough-secrets`, built once for each content of its sources."""
    folder = home.folder(f"cache/wheels/{_content()}")
    with FileLock(folder / ".lock"):
        found = next(folder.glob("*.whl"), None)
        return found or _build(folder)


def _sources() -> list[Path]:
    return [SOURCE / "pyproject.toml", *sorted((SOURCE / "bough_secrets").rglob("*.py"))]


def _content() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(SOURCE)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _build(folder: Path) -> Path:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        copy = Path(scratch) / "sources"
        _copy_sources(copy)
        done = subprocess.run(
            [*_PIP_WHEEL, "--wheel-dir", scratch, str(copy)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = done.stderr.splitlines()[-10:]
            raise BuildError("the run-time library's wheel could not be built", lines)
        built = next(Path(scratch).glob("*.whl"))
        return built.rename(folder / built.name)


def _copy_sources(folder: Path) -> None:
    """Only the sources: what an earlier build left beside them would get into the wheel."""
    for path in [*_sources(), SOURCE / "bough_secrets/py.typed"]:
        target = folder / path.relative_to(SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
