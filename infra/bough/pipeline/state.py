"""Where an application's releases stand, and what was said about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from bough.pipeline.declaration import Pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough.pipeline.people import Person
    from bough.release.canary import Canary


@dataclass(frozen=True, kw_only=True)
class Release:
    """`born` orders releases by when they were first made."""

    id: str
    born: int
    at: datetime
    record: Mapping[str, Any]
    branch: str
    authors: frozenset[str]
    pusher: str

    @property
    def short(self) -> str:
        return self.id[:12]

    @property
    def commit(self) -> str:
        return str(self.record["commit"])

    @property
    def schema(self) -> Mapping[str, str]:
        """Each database's revision."""
        found: Mapping[str, str] = self.record["schema"]
        return found


@dataclass(frozen=True)
class Verdict:
    """What a gate said, and when."""

    result: str
    why: str


@dataclass(kw_only=True)
class Stay:
    """A release in an environment, from its first deployment until something else came.

    `stage` is None in a branch's environment. `verdicts` are those since its last deployment
    there; `passed` says whether all gates of that time ever passed it; `glass` are the rules that
    its last deployment broke.
    """

    release: str
    environment: str
    stage: str | None
    branch: str | None
    since: datetime
    until: datetime | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    passed: bool = False
    glass: frozenset[str] = frozenset()

    def lasted(self, now: datetime) -> timedelta:
        return max((self.until or now) - self.since, timedelta(0))


@dataclass(frozen=True)
class Said:
    """Somebody's word, with the time and the reason that they gave."""

    person: Person
    at: datetime
    why: str


@dataclass(frozen=True)
class Vote(Said):
    """`withdrawn` takes back a rejection."""

    kind: Literal["approved", "rejected", "withdrawn"]


@dataclass(kw_only=True)
class State:
    """All that is decided from. Made by `projecting.project`; nobody else changes it."""

    application: str
    pipeline: Pipeline = field(default_factory=Pipeline)
    releases: dict[str, Release] = field(default_factory=dict)
    seen: dict[str, dict[str, int]] = field(default_factory=dict)
    """When each release was last pushed to each branch, as a count of events."""
    stays: dict[str, list[Stay]] = field(default_factory=dict)
    """By release, oldest first."""
    standing: dict[str, Stay] = field(default_factory=dict)
    """By environment."""
    failed: dict[tuple[str, str], str] = field(default_factory=dict)
    """Why the newest attempt to deploy a release in a stage failed."""
    votes: dict[tuple[str, str], list[Vote]] = field(default_factory=dict)
    """About a release for a stage."""
    asked: set[tuple[str, str]] = field(default_factory=set)
    """Releases for whose approval for a stage people were asked."""
    held_releases: dict[str, Said] = field(default_factory=dict)
    held_stages: dict[str, Said] = field(default_factory=dict)
    stopped: Said | None = None
    """Who stopped the line."""
    turned_back: dict[str, str] = field(default_factory=dict)
    """Stages that were given an older release, and which: nothing is promoted there by itself."""
    schemas: dict[str, str] = field(default_factory=dict)
    """By stage, the release that migrated its databases last."""
    serves: dict[str, set[str]] = field(default_factory=dict)
    """By revision of a schema, the older ones whose releases work on it."""
    canaries: dict[str, Canary] = field(default_factory=dict)
    """By stage, what is tried beside what stands there."""

    def rank(self, release: str) -> int:
        """Orders releases by when they were last pushed to a branch that the pipeline takes."""
        pushed = self.seen.get(release, {})
        counted = [at for branch, at in pushed.items() if self.pipeline.takes(branch)]
        return max(counted, default=self.releases[release].born)

    def newest_first(self) -> list[Release]:
        return sorted(self.releases.values(), key=lambda each: self.rank(each.id), reverse=True)

    def current(self, stage: str) -> Stay | None:
        """What stands in a stage."""
        return next((stay for stay in self.standing.values() if stay.stage == stage), None)

    def in_stage(self, release: str, stage: str) -> list[Stay]:
        """A release's stays in a stage, oldest first."""
        return [stay for stay in self.stays.get(release, ()) if stay.stage == stage]

    def in_branches(self, release: str, branches: tuple[str, ...]) -> list[Stay]:
        """A release's stays in environments of these branches; of any, when none is named."""
        return [
            stay
            for stay in self.stays.get(release, ())
            if stay.stage is None and (not branches or stay.branch in branches)
        ]

    def votes_of(self, release: str, stage: str, kind: str) -> list[Vote]:
        """Everybody's last word, where it is of this kind."""
        last = {vote.person: vote for vote in self.votes.get((release, stage), ())}
        return [vote for vote in last.values() if vote.kind == kind]

    def made_anew(self, release: Release) -> Release | None:
        """A later release of the same commit: what was looked at is not what would be deployed."""
        later = [
            each
            for each in self.releases.values()
            if each.commit == release.commit and each.born > release.born
        ]
        return max(later, key=lambda each: each.born, default=None)
