"""Golden templates: databases kept migrated and seeded, cloned in milliseconds. Pure decisions.

A template is known by the files that shaped it. Equal files make it the wanted database itself; a
template whose files are all among the wanted ones, unchanged, is a base on which only the pending
migrations need to run.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Golden:
    """A template's database name and what its comment in PostgreSQL says of it."""

    database: str
    application: str
    need: str
    files: Mapping[str, str]


def key(application: str, need: str, files: Mapping[str, str], steps: Iterable[object]) -> str:
    """Identity of a fresh database: equal keys, equal contents. 64 hex digits."""
    content = json.dumps([application, need, sorted(files.items()), list(steps)])
    return hashlib.sha256(content.encode()).hexdigest()


def nearest(
    goldens: Iterable[Golden], application: str, need: str, files: Mapping[str, str]
) -> Golden | None:
    """The template with the most of the wanted files and none that is not wanted, or None."""
    bases = [
        golden
        for golden in goldens
        if (golden.application, golden.need) == (application, need)
        and golden.files.items() <= files.items()
    ]
    return max(bases, key=lambda golden: len(golden.files), default=None)
