"""The names in use on a platform: one slug, one branch of one application."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from bough.release.canary import Canary
from bough_components.errors import RefusedError
from bough_components.local.home import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from bough.source import Source
    from bough_components.local.home import Home


@dataclass(frozen=True, kw_only=True)
class Record:
    """Who an environment belongs to, and where its branch was last seen."""

    slug: str
    application: str
    ref: str
    commit: str
    repository: str
    folder: str
    deployed: str | None = None
    """The commit that it serves; None until the first update that ended well."""
    release: str | None = None
    """The release that it serves, or that `pulumi up` brings it back to in a stage."""
    noted: str | None = None
    """For which commit and images that is, as a hash."""
    stage: str | None = None
    """The stage that it is; None for a branch's."""
    schema: str | None = None
    """In a stage, the release whose databases it runs on."""
    canary: Canary | None = None
    """In a stage, what is tried beside the release."""

    @classmethod
    def read(cls, path: Path) -> Record:
        data = json.loads(path.read_text())
        canary = data.get("canary")
        return cls(**{**data, "canary": Canary.of(canary) if canary else None})

    @property
    def permanent(self) -> bool:
        """Whether only a person who types its name may take it away."""
        return self.stage is not None


def claim(home: Home, slug: str, application: str, source: Source) -> None:
    """Write down whose environment it is; `RefusedError` when it is somebody else's."""
    require(home, slug, application, source.ref)
    known = find(home, slug)
    claimed = Record(slug=slug, application=application, **asdict(source))
    if known:
        claimed = replace(claimed, release=known.release, noted=known.noted)
    _write(home, claimed)


def require(home: Home, slug: str, application: str, ref: str) -> None:
    """`RefusedError` when an environment belongs to another branch or another application."""
    known = find(home, slug)
    if known and (known.application, known.ref) != (application, ref):
        raise RefusedError(
            f"the name {slug} is taken by branch {known.ref} of {known.application}",
            f"destroy that one (`bough destroy {slug}`), or give {application} a platform of its"
            " own with BOUGH_HOME",
        )


def mark_deployed(home: Home, slug: str, commit: str | None) -> None:
    """Write down that an update to `commit` ended well; None while that is not known."""
    record = find(home, slug)
    if record:
        _write(home, replace(record, deployed=commit))


def claim_stage(home: Home, slug: str, application: str, stage: str, ref: str) -> None:
    """Write down that an environment is an application's stage."""
    require(home, slug, application, ref)
    if find(home, slug) is None:
        nowhere: dict[str, Any] = {"commit": "", "repository": "", "folder": ""}
        _write(home, Record(slug=slug, application=application, ref=ref, stage=stage, **nowhere))


def mark_released(home: Home, slug: str, release: str, **facts: Any) -> None:
    """Write down which release an environment serves; `facts` are `noted`, or a stage's `schema`
    and `canary`."""
    record = find(home, slug)
    if record:
        _write(home, replace(record, release=release, **facts))


def mark_migrated(home: Home, slug: str, schema: str) -> None:
    """Write down whose databases a stage has from now on, whatever comes to run on them."""
    record = find(home, slug)
    if record:
        _write(home, replace(record, schema=schema))


def deployed(home: Home, slug: str) -> str | None:
    """The commit that an environment serves, or None."""
    record = find(home, slug)
    return record.deployed if record else None


def find(home: Home, slug: str) -> Record | None:
    try:
        return Record.read(home.root / "environments" / f"{slug}.json")
    except FileNotFoundError:
        return None


def every(home: Home) -> list[Record]:
    """All environments that were ever claimed and not destroyed, by slug."""
    paths = sorted((home.root / "environments").glob("*.json"))
    return [Record.read(path) for path in paths]


def release(home: Home, slug: str) -> None:
    (home.root / "environments" / f"{slug}.json").unlink(missing_ok=True)


def _write(home: Home, record: Record) -> None:
    path = home.folder("environments") / f"{record.slug}.json"
    write_private(path, json.dumps(asdict(record)))
