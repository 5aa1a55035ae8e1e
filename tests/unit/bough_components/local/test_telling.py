import json
import os
import time
from pathlib import Path

import pytest

from bough_components.local import home as homes
from bough_components.local.home import Home
from bough_components.local.telling import accounts, survivable


@pytest.fixture
def status(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(homes, "_MEMORY", str(tmp_path / "memory"))
    return home.memory_folder("main", "web-1-abcdef") / "status"


def test_what_an_instance_said_less_the_time_since(home: Home, status: Path) -> None:
    status.write_text(json.dumps({"survivable": 100.0}))
    os.utime(status, (time.time() - 30, time.time() - 30))
    left = survivable(home, "main", "web-1-abcdef")
    assert left is not None
    assert 60 < left <= 70


def test_time_that_is_over_is_none_left(home: Home, status: Path) -> None:
    status.write_text(json.dumps({"survivable": 100.0}))
    os.utime(status, (time.time() - 300, time.time() - 300))
    assert survivable(home, "main", "web-1-abcdef") == 0.0


@pytest.mark.parametrize("text", ["", "no JSON", "{}", '{"survivable": null}', "[1]"])
def test_an_instance_that_does_not_say(home: Home, status: Path, text: str) -> None:
    status.write_text(text)
    assert survivable(home, "main", "web-1-abcdef") is None


@pytest.mark.usefixtures("status")
def test_an_instance_that_is_not_there(home: Home) -> None:
    assert survivable(home, "main", "gone") is None


def test_the_accounts_of_those_that_say_so(home: Home, status: Path) -> None:
    status.write_text(json.dumps({"databases": {"db": {"user": "v-1"}, "other": {}}}))
    found = accounts(home, "main", ["web-1-abcdef", "gone"])
    assert found == {("web-1-abcdef", "db"): "v-1"}
    status.write_text('{"databases": 1}')
    assert accounts(home, "main", ["web-1-abcdef"]) == {}
