"""One platform for a whole test session, and repositories to push to it.

Run under pytest-xdist, each worker has a platform of its own: that works and costs memory.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.platforms import FIRST_START, Platform, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A running platform that nobody else uses; nothing of it is left after the session."""
    with running(tmp_path_factory.mktemp("platform")) as platform:
        yield platform


@pytest.fixture(scope="module")
def own_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A module's own, to be called `platform` there: one application only, and every event is the
    story's."""
    with running(tmp_path_factory.mktemp("story")) as platform:
        yield platform


@contextmanager
def running(folder: Path, *words: str) -> Iterator[Platform]:
    """A platform with its home in `folder`; nothing of it is left. `words` go to `platform up`."""
    platform = Platform(folder / "home", free_port())
    try:
        up = ("platform", "up", "--port", str(platform.port), *words)
        platform.bough(*up, timeout=FIRST_START).ended()
        yield platform
    finally:
        take_down(platform)


def take_down(platform: Platform) -> None:
    """Take a platform away with all that it has, and prove it."""
    name, memory = platform.name, platform.memory
    registry = f"127.0.0.1:{platform.settings['ports']['registry']}"
    try:
        # it would promote again what stages take by themselves
        platform.bough("keeper", "stop").ended()
        for row in platform.json("ls"):
            if row["branch"].startswith("stage:"):
                slug = row["environment"]
                platform.bough("destroy", slug, "--permanent", slug).ended()
        platform.bough("platform", "down", "--environments", "--purge").ended()
        assert witness.left_of_platform(name, registry) == []
        assert not memory.exists()
        assert not platform.root.exists()
    finally:
        witness.sweep(name)
        shutil.rmtree(memory, ignore_errors=True)


@pytest.fixture
def application(platform: Platform, tmp_path: Path) -> Application:
    """A fresh checkout on branch `main`."""
    return Application.create(tmp_path / "checkout", platform)
