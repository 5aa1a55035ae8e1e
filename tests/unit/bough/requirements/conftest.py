"""A machine of its own for each test: an empty PATH, an empty cache, programs made of shell."""

from pathlib import Path

import pytest

from bough.requirements.cache import engine_home
from bough.requirements.engines import Engine


class Machine:
    """Real folders and real little programs."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.cache = folder / "cache"
        self.bin.mkdir()

    def program(self, name: str, says: str, folder: Path | None = None) -> Path:
        """A program that prints `says` and counts its runs in a file beside it."""
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\necho run >> "{path}.runs"\necho "{says}"\n')
        path.chmod(0o755)
        return path

    def build(self, engine: Engine) -> Path:
        """What a finished build leaves in the cache."""
        folder = engine_home(engine) / "bin"
        for name in engine.programs:
            self.program(name, engine.version, folder)
        return folder


def runs(program: Path) -> int:
    counted = program.with_name(program.name + ".runs")
    return len(counted.read_text().splitlines()) if counted.exists() else 0


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(made.bin))
    monkeypatch.setenv("XDG_CACHE_HOME", str(made.cache))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return made
