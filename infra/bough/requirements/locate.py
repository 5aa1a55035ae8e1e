"""Finds an engine: the one on PATH when its version serves, else the one that was built."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bough.requirements.cache import cache_root, engine_home
from bough.requirements.elf import is_static
from bough.requirements.engines import BY_NAME, Engine
from bough.requirements.memo import version_of


@dataclass(frozen=True)
class Located:
    """Where an engine's programs are."""

    folder: Path
    version: str
    built: bool


def locate(engine: Engine) -> Located | None:
    """The engine that will be used, or None when it has to be built first."""
    return on_path(engine) or in_cache(engine)


def in_cache(engine: Engine) -> Located | None:
    folder = engine_home(engine) / "bin"
    return Located(folder, engine.version, built=True) if folder.is_dir() else None


def on_path(engine: Engine) -> Located | None:
    if engine.beside:
        return _companion(engine, BY_NAME[engine.beside])
    if not engine.serves:
        return None
    program = first_on_path(engine.binaries[0])
    if program is None or (engine.portable and not is_static(program)):
        return None
    version = version_of(program)
    if version is None or version not in engine.serves:
        return None
    return Located(program.parent, version, built=False)


def first_on_path(binary: str) -> Path | None:
    """The first such program on PATH that bough did not build itself."""
    built = str(cache_root() / "engines")
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    others = [folder for folder in folders if not folder.startswith(built)]
    program = shutil.which(binary, path=os.pathsep.join(others))
    return Path(program).absolute() if program else None


def _companion(engine: Engine, leader: Engine) -> Located | None:
    found = on_path(leader)
    if found is None:
        return None
    real = (found.folder / leader.binaries[0]).resolve().parent
    for folder in (found.folder, real):
        if all((folder / program).exists() for program in engine.programs):
            return Located(folder, found.version, built=False)
    return None
