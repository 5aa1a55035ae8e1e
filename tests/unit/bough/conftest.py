import os
from pathlib import Path

import pytest
from tests.unit.bough.playing import Pulumi
from tests.unit.bough.repositories import FILES, Repository

from bough_components.local.home import Home, Settings

PORTS = {"edge": 1, "registry": 2, "postgres": 3, "vault": 4, "consul": 5}
"""Nobody listens on these."""


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No platform and no settings of git but the tests' own."""
    monkeypatch.delenv("BOUGH_SOURCE", raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A platform that was set up and whose engines do not answer."""
    monkeypatch.setenv("BOUGH_HOME", str(tmp_path / "home"))
    made = Home.current()
    made.save(Settings(name="bough-test", ports=PORTS))
    return made


@pytest.fixture
def lines() -> list[str]:
    """What was reported: give `lines.append` as `report`."""
    return []


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A checkout of a small application on branch `main`."""
    return Repository.create(tmp_path / "notes", FILES)


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pulumi:
    """The `pulumi` of this test."""
    made = Pulumi(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{made.folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return made
