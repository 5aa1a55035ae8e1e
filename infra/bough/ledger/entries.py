"""What an entry is, and how each one's hash covers those before it. Pure."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_NAMES = uuid.UUID("6f0b3d52-6b1c-4d7e-9a51-0c9a3a1f7e84")

BEGINNING = "0" * 64
"""What stands for the hash before the first entry."""


@dataclass(frozen=True)
class Entry:
    """`text` is canonical JSON: what the hash covers. `id` keeps it from being added twice."""

    id: str
    text: str

    @classmethod
    def of(
        cls, at: datetime, who: str, event: str, facts: dict[str, Any], name: str | None = None
    ) -> Self:
        """Entries of one `name`, such as `the_only` gives, are one: the first that is added."""
        when = at.isoformat(timespec="milliseconds")
        text = canonical({"at": when, "who": who, "event": event, **facts})
        return cls(name or str(uuid.uuid4()), text)


@dataclass(frozen=True)
class Link:
    """An entry's place in the chain; `number` counts from 1, `hash` is 64 hex digits."""

    number: int
    hash: str


def canonical(data: Any) -> str:
    """The one JSON text of some data: sorted keys, no spaces, no escapes that need not be."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def the_only(event: str, about: Mapping[str, str]) -> str:
    """The name of the one entry that there may be of an event about something."""
    return str(uuid.uuid5(_NAMES, canonical([event, about])))


def following(last: Link, text: str) -> Link:
    """The link of an entry that comes after `last`."""
    return Link(last.number + 1, hashlib.sha256(f"{last.hash}\n{text}".encode()).hexdigest())


def what_is_broken(rows: Iterable[tuple[int, str, str]], kept: Link | None) -> str | None:
    """What is wrong with a chain of (number, text, hash), oldest first; None when nothing is.

    `kept` is the newest link that this machine remembers having written.
    """
    last = Link(0, BEGINNING)
    for number, text, found in rows:
        link = following(last, text)
        if number != link.number:
            return f"entry {link.number} is missing"
        if found != link.hash:
            return f"entry {number} is not what was written, or one before it is gone"
        if kept and number == kept.number and found != kept.hash:
            return f"entry {number} is not the one that this machine wrote"
        last = link
    if kept and last.number < kept.number:
        return f"it ends at entry {last.number}, and this machine wrote entry {kept.number}"
    return None
