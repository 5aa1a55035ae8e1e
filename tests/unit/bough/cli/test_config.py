import json
from pathlib import Path

from click.testing import CliRunner

from bough.cli.config import config
from bough.config.example import example
from bough.config.schema import json_schema
from bough_components.errors import ConfigurationError


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
