"""What docs/other-languages.md shows, against what is there."""

import re
from pathlib import Path

import msgspec

from bough_secrets.run.loading import read
from bough_secrets.run.settings import Settings, Stop, Template
from bough_secrets.run.templates import NAMES, Source

PAGE = Path(__file__).parents[4] / "docs/other-languages.md"


def shown(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def test_every_field_is_shown_with_its_default(tmp_path: Path) -> None:
    [text] = (block for block in shown("yaml") if "folder:" in block)
    (tmp_path / "a.yaml").write_text(text)
    settings, defaults = read(tmp_path / "a.yaml"), Settings()
    given = {"databases", "queues", "secrets", "services", "templates"}
    for field in Settings.__struct_fields__:
        assert re.search(rf"^{field}:", text, re.MULTILINE), field
        assert field in given or getattr(settings, field) == getattr(defaults, field), field
    for field in (*Stop.__struct_fields__, *Template.__struct_fields__):
        assert f"{field}:" in text, field
    assert settings.templates[0].mode == Template(destination="/x", contents="x").mode


def test_every_name_of_templates_is_shown() -> None:
    [text] = shown("jinja")
    source = Source(Template(destination="/run/x", contents=text))
    assert all(re.search(rf"{name}\b", text) for name in NAMES), source


def test_the_defaults_are_told_in_words() -> None:
    text = " ".join(PAGE.read_text().split())
    defaults = Settings()
    assert defaults.drain == 5 * 60
    assert "five more minutes" in text
    assert f"{defaults.stop.signal}, {defaults.stop.timeout:.0f} seconds of patience, KILL" in text
    assert msgspec.to_builtins(defaults.on_change) == "restart"
