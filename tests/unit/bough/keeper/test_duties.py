"""What the keeper decides before it needs an engine; the rest is in tests/integration."""

import json
from pathlib import Path

import pytest
from tests.support.waiting_entries import recorded

from bough.keeper.duties import Keeper
from bough_components.local import home as homes
from bough_components.local.home import Home


@pytest.fixture
def folder(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in memory of an instance."""
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(homes, "_MEMORY", str(tmp_path / "memory"))
    return home.memory_folder("main", "web-1-abcdef")


def told(home: Home) -> list[tuple[str, str]]:
    return [(event["event"], event["why"]) for event in recorded(home)]


def test_what_an_instance_suspects_is_written_down_once(home: Home, folder: Path) -> None:
    (folder / "incident").write_text(json.dumps({"what": "used by somebody else"}))
    keeper = Keeper(home)
    keeper.answer_instances()
    keeper.answer_instances()
    assert told(home) == [("possible interception", "used by somebody else")]
    # it keeps the instance from starting
    assert (folder / "incident").exists()


def test_an_instance_s_words_stay_on_their_line(home: Home, folder: Path) -> None:
    (folder / "incident").write_text(json.dumps({"what": "x\n\x1b[2J" + "y" * 500}))
    Keeper(home).answer_instances()
    assert told(home) == [("possible interception", "x[2J" + "y" * 196)]


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "1", '{"other": 1}'])
def test_a_note_that_says_nothing(home: Home, folder: Path, text: str) -> None:
    (folder / "incident").write_text(text)
    Keeper(home).answer_instances()
    assert told(home) == [("possible interception", "no reason given")]


def test_nothing_is_asked_of_a_platform_that_is_down(home: Home) -> None:
    Keeper(home).heal()
    assert recorded(home) == []


def test_notices_wait_while_the_ledger_is_away(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    (home.root / "platform.declaration").write_text("set up")
    keeper = Keeper(home, clock=lambda: 0.0)
    keeper.tell()
    keeper.tell()
    assert caplog.text.count("notices wait: the platform in") == 1
