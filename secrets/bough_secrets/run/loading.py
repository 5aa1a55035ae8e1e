"""From a file, or from flags, to settings that can be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from bough_secrets.errors import ConfigurationError
from bough_secrets.run.memory import in_memory
from bough_secrets.run.settings import Settings

EXAMPLE = "Correct it; docs/other-languages.md has an example of every field"


def read(file: Path) -> Settings:
    """Read a YAML or TOML file. Raises ConfigurationError, which names the wrong field."""
    try:
        text = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"Cannot read {file} ({error.strerror})",
            "Write it, or name what you need by flags, such as --database db",
        ) from None
    decode: Callable[..., Settings]
    decode = msgspec.toml.decode if file.suffix == ".toml" else msgspec.yaml.decode
    return _understood(str(file), lambda: decode(text, type=Settings))


def given(fields: Mapping[str, Any]) -> Settings:
    """Make settings of what flags say."""
    return _understood("The command line", lambda: msgspec.convert(fields, Settings))


def check_places(settings: Settings, private: Path) -> None:
    """Raise ConfigurationError for files that would lie where they must not.

    `private` is the folder of the instance's credential; only below it there is room.
    """
    for problem in _misplaced(settings, private):
        raise problem


def _misplaced(settings: Settings, private: Path) -> Iterator[ConfigurationError]:
    destinations = [template.destination for template in settings.templates]
    for destination in [settings.folder, *destinations]:
        path = Path(destination)
        if not path.is_absolute() or ".." in path.parts:
            yield _wrong(destination, "is no absolute path", "Begin it with /run/bough/files/")
        elif path == private or (path.parent == private and destination in destinations):
            yield _wrong(
                destination,
                f"is among the files of the instance's credential in {private}",
                "Choose a folder of its own, such as /run/bough/files/",
            )
        elif not settings.allow_disk and not in_memory(path):
            yield _wrong(
                destination,
                "is not on a memory file system, so that a secret would stay on a disk",
                "Choose a place below /run/bough/, or allow disks with --allow-disk",
            )
    for destination, times in Counter(destinations).items():
        if times > 1:
            yield _wrong(destination, "is written by two templates", "Give each one of its own")


def _wrong(destination: str, what: str, do: str) -> ConfigurationError:
    return ConfigurationError(f"The destination {destination} {what}", do)


def _understood(where: str, decode: Callable[[], Settings]) -> Settings:
    try:
        return decode()
    except msgspec.DecodeError as error:
        what, _, place = str(error).partition(" - at `$")
    at = f" at {place.strip('.`')}" if place.strip("`") else ""
    what = " ".join(what.split()).rstrip(".")
    raise ConfigurationError(f"{where} cannot be used{at}: {what}", EXAMPLE)
