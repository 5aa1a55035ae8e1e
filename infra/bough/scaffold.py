"""What `bough init` puts into an application's repository.

`survey` reads, `plan` decides without touching anything, `write` is the one place that writes.
"""

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bough.config import FILE_NAME, load
from bough.config.example import filled_in
from bough.config.schema import schema_text
from bough_components.errors import BoughError, UsageError

DEFAULT_PORT = 8000

_PROGRAM = """\
from bough.program import main

main()
"""
_PULUMI = """\
# Makes plain `pulumi up` work here. What it creates is described in bough.yaml.
name: bough
description: An environment for each branch of {application}
runtime: python
main: .bough/
stackConfigDir: .bough/stacks
"""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a repository says about its application. port: EXPOSEd by the Dockerfile, if any."""

    application: str
    has_dockerfile: bool
    port: int | None


@dataclass(frozen=True)
class File:
    """path: relative to the repository, with "/"."""

    path: str
    content: str


class Outcome(Enum):
    WROTE = "wrote"
    SAME = "same"
    KEPT = "kept"


def survey(directory: Path, *, keep: bool = True) -> Facts:
    """keep: a bough.yaml that exists stays, so its name counts. Raises BoughError."""
    root = _git(directory, "rev-parse", "--show-toplevel")
    if root and Path(root).resolve() != directory.resolve():
        hint = f"Use `bough init --directory {root}`"
        raise UsageError(
            f"{directory} is not the root of its repository, where {FILE_NAME} belongs", hint
        )
    dockerfile = directory / "Dockerfile"
    text = dockerfile.read_text(encoding="utf-8", errors="replace") if dockerfile.is_file() else ""
    return Facts(
        application=_application(directory, keep),
        has_dockerfile=dockerfile.is_file(),
        port=exposed_port(text),
    )


def plan(facts: Facts) -> tuple[File, ...]:
    return (
        File(FILE_NAME, filled_in(facts.application, facts.port or DEFAULT_PORT)),
        File("Pulumi.yaml", _PULUMI.format(application=facts.application)),
        File(".bough/__main__.py", _PROGRAM),
        File(".bough/schema.json", schema_text()),
        # A file of our own, so that the application's .gitignore needs no change.
        File(".bough/.gitignore", "/stacks/\n__pycache__/\n"),
    )


def write(directory: Path, files: Sequence[File], *, force: bool) -> dict[str, Outcome]:
    """What became of each path. Only force overwrites a file that has other content."""
    try:
        return {file.path: _write(directory / file.path, file.content, force) for file in files}
    except OSError as error:
        raise BoughError(f"{error.filename} cannot be written: {error.strerror}") from error


def exposed_port(dockerfile: str) -> int | None:
    """The first TCP port of the last EXPOSE."""
    found = re.findall(r"^[ \t]*EXPOSE[ \t]+([0-9]{1,5})(?:/tcp)?(?!\S)", dockerfile, re.M | re.I)
    return int(found[-1]) if found and 0 < int(found[-1]) < 65536 else None


def application_name(text: str) -> str:
    """The nearest name that bough.yaml accepts."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower())
    name = re.sub(r"^[^a-z]+", "", name)[:31].rstrip("-")
    return name or "app"


def _application(directory: Path, keep: bool) -> str:
    if keep and (directory / FILE_NAME).exists():
        return load(directory / FILE_NAME).application
    remote = _git(directory, "remote", "get-url", "origin")
    last = re.split(r"[/:]", remote.rstrip("/").removesuffix(".git"))[-1]
    return application_name(last or directory.resolve().name)


def _git(directory: Path, *arguments: str) -> str:
    """What git prints, or nothing where there is no git, repository or such remote."""
    try:
        done = subprocess.run(
            ["git", "-C", str(directory), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _write(path: Path, content: str, force: bool) -> Outcome:
    if path.is_file() and path.read_bytes() == content.encode():
        return Outcome.SAME
    if path.exists() and not force:
        return Outcome.KEPT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return Outcome.WROTE
