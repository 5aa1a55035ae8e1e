"""What a branch's commit asks for, worked out once for every process that wants to know.

A commit never changes, so its description doesn't; reading bough.yaml again costs each process a
tenth of a second for the library that validates it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bough_components import spec
from bough_components.local.home import write_private

if TYPE_CHECKING:
    from bough.source import Source
    from bough_components.local.home import Home


def described(home: Home, source: Source) -> spec.Environment:
    """`describe(source)`, from the home's cache when it was asked before.

    Raises `ConfigurationError` like `describe`; what is wrong is not remembered.
    """
    asked = {"source": asdict(source), "code": _code()}
    known = _recall(home, source.slug)
    if known and known["asked"] == asked:
        return spec.from_data(known["description"])
    from bough.describe import describe

    description = describe(source)
    text = json.dumps({"asked": asked, "description": asdict(description)})
    write_private(_file(home, source.slug), text)
    return description


def forget(home: Home, slug: str) -> None:
    """Drop what is remembered of an environment."""
    _file(home, slug).unlink(missing_ok=True)


def _recall(home: Home, slug: str) -> dict[str, Any] | None:
    try:
        known: dict[str, Any] = json.loads(_file(home, slug).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return known


def _file(home: Home, slug: str) -> Path:
    return home.folder("cache/descriptions") / f"{slug}.json"


@cache
def _code() -> dict[str, int]:
    """When each file that shapes a description was last changed: another bough asks anew."""
    here = Path(__file__).parent
    files = (here / "describe.py", *here.glob("config/*.py"), Path(spec.__file__))
    return {path.name: path.stat().st_mtime_ns for path in sorted(files)}
