import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bough.cli.config import config
from bough.config.example import example
from bough.config.schema import json_schema
from bough_components.errors import BoughError, ConfigurationError


def test_check_sums_up_what_is_right(tmp_path: Path) -> None:
    (tmp_path / "bough.yaml").write_text(example())
    result = CliRunner().invoke(config, ["check", "--directory", str(tmp_path)])
    file = tmp_path / "bough.yaml"
    assert result.output == f"{file} is valid: application notes; services web; route web\n"


def test_check_raises_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "bough.yaml").write_text("application: notes")
    result = CliRunner().invoke(config, ["check", "--directory", str(tmp_path)])
    assert isinstance(result.exception, ConfigurationError)
    assert result.exception.problems == ("services: is missing",)


def test_schema_is_json() -> None:
    assert json.loads(CliRunner().invoke(config, ["schema"]).output) == json_schema()


def test_docs_is_the_example() -> None:
    assert CliRunner().invoke(config, ["docs"]).output == example()


def refused(*words: str, stdin: bytes = b"") -> str:
    """What `bough config …` says before it asks any engine."""
    result = CliRunner().invoke(config, words, input=stdin)
    assert isinstance(result.exception, BoughError)
    assert result.exception.exit_status in (1, 2)
    return str(result.exception)


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["set", "", "1"], b"", "KEY should be a setting's name"),
        (["set", "a/b", "1"], b"", "KEY should be a setting's name"),
        (["unset", "a/b"], b"", "KEY should be a setting's name"),
        (["set", "a", "-"], b"\xff", "it is no UTF-8. nothing was changed."),
        (["set", "a", "-"], b"x" * 524289, "it has 524289 bytes, the most is 524288"),
        (["set", "a", "1", "main", "--application"], b"", "exclude each other"),
        (["set", "a", "1", "--stage", "x", "--application"], b"", "exclude each other"),
        (["ls", "main", "--stage", "x"], b"", "exclude each other"),
        (["ls", "--stage", "A"], b"", "--stage should be at most 16"),
        (["ls", "--stage", ""], b"", "--stage should be at most 16"),
        (["set", "a", "1", "nowhere"], b"", "there is no environment of 'nowhere'"),
        (["get", "a", "nowhere"], b"", "there is no environment of 'nowhere'"),
        (["unset", "a", "nowhere"], b"", "there is no environment of 'nowhere'"),
    ],
)
@pytest.mark.usefixtures("home")
def test_what_cannot_be_set_is_refused(words: list[str], stdin: bytes, said: str) -> None:
    assert said in refused(*words, stdin=stdin)


@pytest.mark.usefixtures("home")
def test_without_a_bough_yaml_there_is_no_application(tmp_path: Path) -> None:
    said = refused("ls", "--application", "--directory", str(tmp_path))
    assert "bough.yaml" in said
