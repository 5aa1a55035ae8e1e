from pathlib import Path

import pytest

from bough_components.local.home import Home, Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A platform that was set up and whose engines do not answer."""
    monkeypatch.setenv("BOUGH_HOME", str(tmp_path / "home"))
    made = Home.current()
    ports = {"edge": 1, "registry": 2, "postgres": 3, "vault": 4, "consul": 5}
    made.save(Settings(name="bough-test", ports=ports))
    return made
