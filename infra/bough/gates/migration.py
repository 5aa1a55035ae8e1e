"""The migrations on the next stage's schema, and the release that serves there on the result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from bough.gates import jobs
from bough.gates.interface import Claim
from bough.gates.verdict import Verdict, inconclusive, passed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bough.gates.subject import Release, Serving, Subject
    from bough_components.local.scratch import Scratch


@dataclass(frozen=True, kw_only=True)
class Migration:
    """`command` is what the older release must pass; `histories` are tables in which migrations are
    remembered, besides the usual ones."""

    name: str
    need: str
    command: tuple[str, ...]
    histories: tuple[str, ...] = ()
    timeout: float = 600
    kind: ClassVar[str] = "migration"
    claim: ClassVar[Claim] = "nothing"

    def run(self, subject: Subject) -> Verdict:
        if self.need not in subject.release.migrations:
            return inconclusive(f"the release has no migrations of {self.need}")
        if not subject.ahead:
            return inconclusive("no stage follows, so there is no schema to try them on")
        tried = {each.stage: self._try(subject, each) for each in subject.ahead}
        return together(tried, subject.release.schema(self.need))

    def _try(self, subject: Subject, ahead: Serving) -> Verdict:
        from bough import lock
        from bough_components.local import scratch

        home, release, older = subject.home, subject.release, ahead.release
        kind = scratch.kind_of(home, subject.environment, self.need)
        if kind != "postgres":
            return inconclusive(f"{self.need} is {kind}, whose schema cannot be copied yet")
        if older and not scratch.has_database(home, ahead.environment, self.need):
            return inconclusive(f"{ahead.stage} serves a release but has no {self.need}")
        wanted = self._scratch(subject, ahead)
        what = f"gate {self.name}"
        with lock.held(home, wanted.slug, what, subject.report), scratch.environment(home, wanted):
            subject.report(f"the schema of {ahead.environment} is copied, and migrated")
            step = release.migrations[self.need]
            migrated = self._job(subject, wanted.slug, release, step.service, step.command)
            if not migrated.passed:
                return replace(migrated, why=f"the migration: {migrated.why}")
            if older is None:
                return replace(migrated, why="the migrations ended well; nothing serves there yet")
            subject.report(f"release {older.id[:12]} is checked on the new schema")
            service = older.migrations.get(self.need, step).service
            checked = self._job(subject, wanted.slug, older, service, self.command)
        return _of_older(checked, older, self.need)

    def _scratch(self, subject: Subject, ahead: Serving) -> Scratch:
        from bough_components import names
        from bough_components.local.scratch import Scratch

        known = [release for release in (subject.release, ahead.release) if release]
        steps = [release.migrations.get(self.need) for release in known]
        return Scratch(
            slug=names.scratch_slug(f"{ahead.environment}/{self.need}"),
            application=subject.release.application,
            stage=ahead.stage,
            need=self.need,
            model=subject.environment,
            source=ahead.environment,
            services=sorted({step.service for step in steps if step}),
            config=subject.release.config,
            histories=self.histories,
        )

    def _job(
        self, subject: Subject, slug: str, release: Release, service: str, command: Sequence[str]
    ) -> Verdict:
        image = release.image(subject.home, service)
        return jobs.run(subject.home, slug, service, image, command, limit=self.timeout)


def _of_older(checked: Verdict, older: Release, need: str) -> Verdict:
    evidence = {**checked.evidence, "older release": older.id}
    if not checked.passed:
        why = f"release {older.id[:12]} on the new schema: {checked.why}"
        return replace(checked, why=why, evidence=evidence)
    evidence["serves"] = older.schema(need)
    return passed(f"release {older.id[:12]} works on the new schema", **evidence)


def together(tried: dict[str, Verdict], revision: str) -> Verdict:
    """One verdict for all stages ahead: the worst; with the older revisions that the new schema
    serves, so that a rollback to them is known to work."""
    order = ("FAIL", "INCONCLUSIVE", "PASS")
    worst = min((verdict.result for verdict in tried.values()), key=order.index)
    evidence: dict[str, Any] = {
        "revision": revision,
        "serves": sorted({each.evidence["serves"] for each in tried.values() if _serves(each)}),
        "stages": {stage: dict(verdict.evidence) for stage, verdict in tried.items()},
    }
    why = "; ".join(f"{stage}: {verdict.why}" for stage, verdict in tried.items())
    return Verdict(worst, why, evidence)


def _serves(verdict: Verdict) -> bool:
    return verdict.passed and "serves" in verdict.evidence
