"""Writing down what a branch's environment serves: its release, and the stages that it declares."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bough import git, ledger, registry
from bough.ledger.entries import canonical
from bough.release.record import Release, description
from bough.release.releases import RELEASED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bough.source import Source
    from bough_components.local.home import Home
    from bough_components.spec import Environment

TAKEN_OVER = "taken over"
_AGES = 200
"""How many earlier releases are looked at for who wrote what."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """What is to be written down: `events` with their facts, the release, and `noted`, a hash of
    the commit and images that it is for."""

    release: str
    noted: str
    events: list[tuple[str, dict[str, Any]]]


def look_up(home: Home, source: Source, spec: Environment, images: Mapping[str, str]) -> Note:
    """What is to be written down once this is served; nothing that was written before.

    A release that is known already, of another branch say, is taken over with all that is known
    of it. `images` are references by digest, by service.
    """
    noted = hashlib.sha256(canonical([source.commit, images]).encode()).hexdigest()
    record = registry.find(home, source.slug)
    if record and record.release and record.noted == noted:
        return Note(release=record.release, noted=noted, events=[])
    tree = git.object_of(source.repository, source.commit, source.path(""))
    release = Release.of(spec, tree or "", images)
    about = {
        "application": release.application,
        "branch": source.ref,
        "authors": git.authors(source.repository, source.commit, _commits(home, release)),
    }
    same = _same(home, release)
    if same is None:
        facts = {"record": asdict(release), "description": description(spec), **about}
        events = [(RELEASED, {"release": release.id, **facts})]
    else:
        events = _taken_over(home, same, {**about, "commit": source.commit})
    events += _declared(home, source)
    return Note(release=(same or release).id, noted=noted, events=events)


def write_down(home: Home, source: Source, note: Note, report: Callable[[str], None]) -> None:
    for event, facts in note.events:
        ledger.record(home, event, **facts)
        if "stages" in facts:
            names = " → ".join(stage["name"] for stage in facts["stages"]) or "none"
            report(f"stages of {facts['application']} from now on: {names}")
    registry.mark_released(home, source.slug, note.release, noted=note.noted)


def _commits(home: Home, release: Release) -> list[str]:
    """Commits that were released before: who wrote what came since wrote the change."""
    found = ledger.events(home, RELEASED, application=release.application)
    commits = dict.fromkeys(event["record"]["commit"] for event in found)
    return [commit for commit in commits if commit != release.commit][-_AGES:]


def _same(home: Home, release: Release) -> Release | None:
    """A release that is the same but for the commit that it came from."""
    same = asdict(release)
    del same["commit"]
    found = ledger.events(home, RELEASED, application=release.application, record=same)
    return next((Release(**event["record"]) for event in found), None)


def _taken_over(
    home: Home, same: Release, facts: dict[str, Any]
) -> list[tuple[str, dict[str, Any]]]:
    about = {"release": same.id, **facts}
    where = {"release": same.id, "branch": facts["branch"]}
    first = same.commit == facts["commit"] and ledger.known(home, RELEASED, **where)
    known = first or ledger.known(home, TAKEN_OVER, **where, commit=facts["commit"])
    return [] if known else [(TAKEN_OVER, about)]


def _declared(home: Home, source: Source) -> list[tuple[str, dict[str, Any]]]:
    # here, because it takes a tenth of a second to load, and most updates change nothing
    from bough.pipeline import stages
    from bough.pipeline.declaration import DECLARED

    application = source.application()
    facts = stages.new_declaration(home, application, source.ref)
    if facts is None:
        return []
    about = {
        "application": application.application,
        "branch": source.ref,
        "commit": source.commit,
    }
    return [(DECLARED, {**about, **facts})]
