import pytest
from notes.settings import Settings, port


def test_defaults() -> None:
    assert Settings.read({}) == Settings("Notes", 50)


def test_reads_the_configuration() -> None:
    assert Settings.read({"title": "Ideas", "page-size": "5"}) == Settings("Ideas", 5)


@pytest.mark.parametrize("size", ["0", "501", "many", ""])
def test_a_wrong_page_size_is_named(size: str) -> None:
    with pytest.raises(ValueError, match=f"config/page-size .* 1 to 500, got '{size}'"):
        Settings.read({"page-size": size})


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1"])
def test_a_wrong_port_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(ValueError, match=f"PORT .* 1 to 65535, got '{text}'"):
        port()
