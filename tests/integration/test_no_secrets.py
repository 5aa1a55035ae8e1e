"""No secret of the platform or of an instance lies where others may look."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.applications import Application
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)
_SHORTEST = 16
"""Characters: what is shorter, such as a user's name, is no secret."""


def test_no_secret_in_states_descriptions_logs_and_command_lines(
    platform: Platform, application: Application
) -> None:
    application.bough("remote", "add").ended()
    slug = application.branch("feature/1-silent")
    with watched(platform) as seen:
        pushed = application.push("feature/1-silent").ended()
    places = {
        "what the push said": pushed.said,
        "command lines": "\n".join(seen.command_lines),
        "containers described": "\n".join(seen.descriptions),
        "logs": logs(platform),
        "pulumi's state": texts(platform.root / "pulumi" / "state"),
        "logs of pushes": texts(platform.root / "logs"),
        "configuration": texts(platform.root / "configuration") + texts(platform.root / "edge"),
    }
    for name in ("what the push said", "command lines", "containers described", "pulumi's state"):
        assert slug in places[name], f"the search would find nothing in {name}"
    secrets = {**platform_secrets(platform), **instance_secrets(platform, slug)}
    found = {
        (name, place) for place in places for name in secrets if secrets[name] in places[place]
    }
    assert found == set()
    platform.bough("destroy", slug).ended()


def platform_secrets(platform: Platform) -> dict[str, str]:
    files = [path for path in (platform.root / "keys").rglob("*") if path.is_file()]
    found = {
        f"{path.name} {number}": value
        for path in files
        for number, value in enumerate(values(path.read_text().strip()))
    }
    assert len(found) >= len(files) > 5
    return found


def instance_secrets(platform: Platform, slug: str) -> dict[str, str]:
    tokens = {
        f"token of {path.parent.name}": path.read_text().strip()
        for path in platform.memory.glob(f"{slug}/*/token")
    }
    consul = {
        token["Description"]: token["SecretID"]
        for token in witness.consul(platform, "acl/tokens")
        if slug in token["Description"]
    }
    assert (len(tokens), len(consul)) == (2, 2)
    return tokens | consul


def values(text: str) -> Iterator[str]:
    """The secrets in a key's file: all of it, or what its JSON or its `user:hash` holds."""
    try:
        yield from leaves(json.loads(text))
    except ValueError:
        yield text.partition(":")[2] or text


def leaves(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for inner in data.values():
            yield from leaves(inner)
    elif len(str(data)) >= _SHORTEST:
        yield str(data)


def texts(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_text(errors="replace") for path in files)


def logs(platform: Platform) -> str:
    return "\n".join(witness.logs(name) for name in witness.containers(platform))


class watched:
    """Collects, while its block runs, what `ps` and `docker inspect` show to others."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.command_lines: set[str] = set()
        self.descriptions: set[str] = set()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> watched:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()
        self._look()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self._look()

    def _look(self) -> None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                self.command_lines.add(path.read_text(errors="replace").replace("\0", " "))
            except OSError:
                continue
        for name in witness.containers(self._platform):
            self.descriptions.add(witness.described(name))
