"""`scripts/check`: lint, format, and strict types over every file of every source root."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bough_setup.progress import Progress

ROOTS = ("infra", "components", "secrets", "scripts", "tests", "bench")
# An application has a root of its own, so that its modules' names are free.
APPLICATIONS = ("examples/notes",)
FILES_READ = re.compile(r"(?:in|checked) (\d+) source files?")


@dataclass(frozen=True)
class Check:
    """A command; `sources` are the folders whose files a type checker must have read, all."""

    name: str
    command: tuple[str, ...]
    sources: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def checks() -> list[Check]:
    return [
        Check("lint", _module("ruff", "check", ".")),
        Check("format", _module("ruff", "format", "--check", ".")),
        Check("types", _module("mypy", "--strict", *ROOTS), ROOTS),
        *(_types_of(application) for application in APPLICATIONS),
    ]


def failure(check: Check, root: Path) -> str:
    """What a check complains about; empty when it passes."""
    answer = subprocess.run(
        check.command,
        cwd=root,
        capture_output=True,
        check=False,
        env=os.environ | check.environment,
        text=True,
    )
    output = answer.stdout + answer.stderr
    if answer.returncode:
        return output
    return _unread(check, root, output)


def python_files(root: Path, folders: tuple[str, ...]) -> int:
    """How many modules lie in these folders; hidden folders and caches do not count."""
    found = (path for folder in folders for path in (root / folder).rglob("*.py"))
    return sum(not _is_hidden(path.relative_to(root)) for path in found)


def main() -> int:
    root = Path(__file__).resolve().parents[2]
    complaints = [perform(check, root) for check in checks()]
    return int(any(complaints))


def perform(check: Check, root: Path) -> str:
    progress = Progress(check.name)
    with progress.beating():
        complaint = failure(check, root)
    progress.finish("FAILED" if complaint else "passed")
    sys.stdout.write(complaint)
    return complaint


def _unread(check: Check, root: Path, output: str) -> str:
    """A type checker that was led past some files passes too: the number tells."""
    if not check.sources:
        return ""
    there, read = python_files(root, check.sources), FILES_READ.search(output)
    if there and read and int(read.group(1)) == there:
        return ""
    return f"{there} files in {', '.join(check.sources)}, but the checker says: {output}"


def _types_of(application: str) -> Check:
    command = _module("mypy", "--strict", application)
    return Check(f"types of {application}", command, (application,), {"MYPYPATH": application})


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


if __name__ == "__main__":
    sys.exit(main())
