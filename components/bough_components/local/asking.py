"""What instances say to bough through their folders in memory: a credential wanted, a theft feared.

An instance has no other way to speak to it, and can say nothing but these two.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import containers, delivery, instances

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bough_components.local.home import Home

WANTED = "wanted"


@dataclass(frozen=True, kw_only=True)
class Note:
    """What an instance wrote; `why` is its own word, trusted for nothing but a log."""

    slug: str
    instance: str
    kind: str
    why: str


def notes(home: Home) -> list[Note]:
    """Every note that instances of this platform have left and nobody has taken."""
    return [
        Note(slug=folder.parent.name, instance=folder.name, kind=kind, why=_why(text))
        for folder in _folders(home)
        for kind in (WANTED, instances.INCIDENT)
        if (text := delivery.read(folder, kind)) is not None
    ]


def answer(home: Home, note: Note) -> bool:
    """Give an instance a new credential; False when there is no such instance.

    The note is taken last: while Vault does not answer, it stays for another try.
    """
    wanted = _instance(home, note)
    if wanted is None:
        return False
    instances.deliver_credential(home, wanted)
    take(home, note)
    if containers.find(wanted.container) is None:
        # removed meanwhile: what was just made for it would outlive it
        instances.remove(home, wanted)
    return True


def take(home: Home, note: Note) -> None:
    """Remove a note."""
    delivery.withdraw(home.instance_memory(note.slug, note.instance), note.kind)


def _instance(home: Home, note: Note) -> instances.Wanted | None:
    """As bough created it: what the note says of itself counts for nothing."""
    name = names.instance_container(home.settings.name, note.slug, note.instance)
    container = containers.find(name)
    if container is None or container.labels.get(names.LABEL_ROLE) != "instance":
        return None
    return instances.Wanted.from_labels(container.labels)


def _why(text: str) -> str:
    """The reason in a note, on one line: it may come from an intruder."""
    try:
        facts = dict(json.loads(text))
        reason = str(facts.get("reason") or facts["what"])
    except (ValueError, KeyError, TypeError):
        reason = "no reason given"
    return "".join(letter for letter in reason if letter.isprintable())[:200]


def _folders(home: Home) -> Iterator[Path]:
    """Folders of instances; those that go away meanwhile are left out."""
    for environment in _inside(home.memory):
        yield from _inside(environment)


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    except FileNotFoundError:
        return []
