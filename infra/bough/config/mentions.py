"""Names that one part of bough.yaml mentions and another must have, in plain data of any shape."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bough.config.problems import path, shown, suggestion

Place = tuple[int | str, ...]


def unknown(place: Place, kind: str, name: str, known: Collection[str]) -> Iterator[str]:
    if name not in known:
        yield f"{path(place)}: there is no {kind} {shown(name)}{suggestion(name, [*known])}"


def mentioned(place: Place, kind: str, value: object, known: Collection[str]) -> Iterator[str]:
    """value: a list of names, each of which must be known and there once."""
    names = sequence(value)
    for index, name in enumerate(names):
        if not isinstance(name, str):
            continue
        yield from unknown((*place, index), kind, name, known)
        if name in known and name in names[:index]:
            yield f"{path((*place, index))}: {shown(name)} is already in the list"


def sections(value: object) -> dict[str, Mapping[str, Any]]:
    """A mapping of names to mappings; whatever is something else is empty."""
    return {str(name): mapping(inside) for name, inside in mapping(value).items()}


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
