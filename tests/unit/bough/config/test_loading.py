from pathlib import Path

import pytest

from bough.config import load
from bough_components.errors import ConfigurationError

RIGHT = "application: notes\nservices: {web: {}}"


def test_a_file_or_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "bough.yaml"
    file.write_text(RIGHT)
    assert load(file) == load(tmp_path)
    assert load(file).application == "notes"


def test_a_missing_file_names_the_command_that_writes_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path)
    assert str(caught.value) == f"there is no {tmp_path}/bough.yaml. `bough init` writes one."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"application: \xff", "{} is not UTF-8 text: see its byte 13."),
        (b"a: b: c", "{} is not YAML: line 1, column 5: mapping values are not allowed here."),
        (b"services: {web: {}}\napplication: A", "{} cannot be used:\n  application: should be"),
    ],
)
def test_the_file_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "bough.yaml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(message.format(file))


def test_something_that_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "bough.yaml").mkdir()
    with pytest.raises(ConfigurationError, match=r"bough\.yaml cannot be read: Is a directory"):
        load(tmp_path)
