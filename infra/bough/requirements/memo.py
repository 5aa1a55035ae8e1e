"""Remembers the versions of programs on PATH, so that each is asked once and not at every call."""

import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path

from bough.requirements.cache import cache_root
from bough.requirements.versions import first_version

SECONDS_TO_ANSWER = 20
Memory = dict[str, dict[str, str]]


def version_of(program: Path) -> str | None:
    """The version a program reports; asked again only when the file has changed."""
    status = program.stat()
    stamp = f"{status.st_mtime_ns}:{status.st_size}"
    known = _recall()
    entry = known.get(str(program), {})
    if entry.get("stamp") == stamp:
        return entry["version"] or None
    version = ask_version(program)
    _remember({**known, str(program): {"stamp": stamp, "version": version or ""}})
    return version


def ask_version(program: Path, argument: str = "version") -> str | None:
    """Runs `<program> version`; None when it fails, hangs or prints no number."""
    try:
        answer = subprocess.run(
            [program, argument],
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=SECONDS_TO_ANSWER,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return first_version(answer.stdout + answer.stderr)


def _file() -> Path:
    return cache_root() / "versions.json"


def _recall() -> Memory:
    try:
        memory: Memory = json.loads(_file().read_text())
    except (OSError, ValueError):
        return {}
    return memory


def _remember(memory: Memory) -> None:
    # A cache that cannot be written costs time at the next call, nothing else.
    with suppress(OSError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        draft = _file().with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(memory, indent=1, sort_keys=True))
        draft.replace(_file())
