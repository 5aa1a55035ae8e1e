"""What differs between two releases. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough.release.releases import Known


def difference(old: Known, new: Known) -> dict[str, tuple[Any, Any]]:
    """Each fact that differs, by its path such as `services.web.memory`, old and new; None stands
    for what is not there."""
    before, after = dict(_facts(_data(old))), dict(_facts(_data(new)))
    paths = sorted({*before, *after})
    pairs = {path: (before.get(path), after.get(path)) for path in paths}
    return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


def _data(known: Known) -> dict[str, Any]:
    return {**asdict(known.release), **known.description}


def _facts(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _facts(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list | tuple) and any(isinstance(each, dict) for each in data):
        for each in data:
            yield from _facts(each, f"{path}.{each.get('name')}")
    else:
        yield path, data
