"""The releases of a platform: written down when a branch's environment first serves one, found
again by their name."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bough import git, ledger, registry
from bough.ledger.entries import canonical
from bough.release.record import Release, description
from bough_components.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bough.source import Source
    from bough_components.local.home import Home
    from bough_components.spec import Environment

RELEASED = "released"
TAKEN_OVER = "taken over"
_SHORTEST = 4


@dataclass(frozen=True)
class Known:
    """A release, with the description that its configuration is the hash of."""

    release: Release
    description: Mapping[str, Any]


def note(home: Home, source: Source, spec: Environment, images: Mapping[str, str]) -> None:
    """Write down the release that a branch's environment serves.

    One that is known already, of another branch say, is taken over with all that is known of it.
    """
    noted = hashlib.sha256(canonical([source.commit, images]).encode()).hexdigest()
    record = registry.find(home, source.slug)
    if record and record.release and record.noted == noted:
        return
    tree = git.object_of(source.repository, source.commit, source.path(""))
    release = Release.of(spec, tree or "", images)
    about: dict[str, Any] = {
        "application": release.application,
        "branch": source.ref,
        "authors": git.authors(source.repository, source.commit),
    }
    if same := _same(home, release):
        facts = {"release": same.id, "commit": source.commit, **about}
        if release != same and not ledger.known(home, TAKEN_OVER, **facts):
            ledger.record(home, TAKEN_OVER, **facts)
    else:
        same = release
        facts = {"record": asdict(release), "description": description(spec), **about}
        ledger.record(home, RELEASED, release=release.id, **facts)
    registry.mark_released(home, source.slug, same.id, noted=noted)


def _same(home: Home, release: Release) -> Release | None:
    """A release that is the same but for the commit that it came from."""
    same = asdict(release)
    del same["commit"]
    found = ledger.events(home, RELEASED, application=release.application, record=same)
    return next((Release(**event["record"]) for event in found), None)


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
