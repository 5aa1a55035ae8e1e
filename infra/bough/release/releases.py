"""The releases of a platform, found again by their name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bough import ledger
from bough.release.record import Release
from bough_components.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bough_components.local.home import Home

RELEASED = "released"
_SHORTEST = 4


@dataclass(frozen=True)
class Known:
    """A release, with the description that its configuration is the hash of."""

    release: Release
    description: Mapping[str, Any]


def find(home: Home, name: str, application: str | None = None) -> Known:
    """The release whose name begins so. `NotFoundError` when there is none, `UsageError` when
    there are several, or the name is too short to mean one."""
    if len(name) < _SHORTEST:
        raise UsageError(f"{name!r} is too short for a release", "give at least four digits")
    found = [each for each in every(home, application) if each.release.id.startswith(name)]
    if not found:
        raise NotFoundError(f"there is no release {name}", "see `bough release list`")
    if len(found) > 1:
        several = ", ".join(each.release.short for each in found)
        raise UsageError(f"{name} may be any of {several}", "give more digits")
    return found[0]


def every(home: Home, application: str | None = None) -> list[Known]:
    """All releases, oldest first; those of one application when it is named."""
    facts = {"application": application} if application else {}
    return list(known(ledger.events(home, RELEASED, **facts)))


def known(events: Iterable[Mapping[str, Any]]) -> Iterable[Known]:
    return (Known(Release(**event["record"]), event["description"]) for event in events)
