"""bough.yaml: from file to model."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from bough.config.application import Application
from bough.config.problems import problems, shown
from bough.config.reader import YamlError, read
from bough.config.references import broken_references
from bough_components.errors import ConfigurationError

FILE_NAME = "bough.yaml"


def load(path: Path) -> Application:
    """path: a bough.yaml, or its folder. Raises ConfigurationError with every problem."""
    file = path / FILE_NAME if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(f"there is no {file}", hint="`bough init` writes one") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file} is not UTF-8 text: see its byte {error.start}") from error
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
    return parse(text, str(file))


def parse(text: str, where: str) -> Application:
    """where: the text's name in errors. Raises ConfigurationError with every problem."""
    try:
        data, repeated = read(text)
    except YamlError as error:
        raise ConfigurationError(f"{where} is not YAML: {error}") from error
    if not isinstance(data, Mapping):
        raise ConfigurationError(
            f"{where} should have the keys application and services, got {shown(data)}",
            hint="`bough config docs` shows one with every key",
        )
    try:
        application = Application.model_validate(data)
        found = []
    except ValidationError as error:
        found = problems(Application, error)
    if found := [*repeated, *found, *broken_references(data)]:
        raise ConfigurationError(f"{where} cannot be used", found)
    return application
