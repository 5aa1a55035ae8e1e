import logging
from collections.abc import Mapping

import pytest
from notes.settings import Current, Settings, port


def test_defaults() -> None:
    assert Settings.read({}) == Settings("Notes", 50)


def test_reads_the_configuration() -> None:
    assert Settings.read({"title": "Ideas", "page-size": "5"}) == Settings("Ideas", 5)


@pytest.mark.parametrize("size", ["0", "501", "many", ""])
def test_a_wrong_page_size_is_named(size: str) -> None:
    with pytest.raises(ValueError, match=f"config/page-size .* 1 to 500, got '{size}'"):
        Settings.read({"page-size": size})


class Changing:
    def __init__(self, **settings: str) -> None:
        self.snapshot: Mapping[str, str] = settings


def test_a_change_is_followed_unless_it_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    config = Changing(title="Ideas")
    current = Current(config)
    assert current.settings == Settings("Ideas", 50)
    config.snapshot = {"title": "Ideas", "page-size": "5"}
    current.refresh()
    assert current.settings == Settings("Ideas", 5)
    config.snapshot = {"page-size": "none"}
    with caplog.at_level(logging.ERROR):
        current.refresh()
    assert current.settings == Settings("Ideas", 5)
    assert "the last good settings stand: config/page-size should be" in caplog.text


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1"])
def test_a_wrong_port_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(ValueError, match=f"PORT .* 1 to 65535, got '{text}'"):
        port()
