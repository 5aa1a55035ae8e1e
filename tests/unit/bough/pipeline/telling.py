"""A ledger told as a story, for tests of what follows from one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from bough.config import parse
from bough.pipeline.declaration import DECLARED, declared
from bough.pipeline.projecting import project
from bough.pipeline.state import Release, State

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday."""

STAGES = "stages: {test: {}, production: {}}"
BASE = """\
application: notes
services: {web: {port: 80, needs: [db]}}
needs: {db: {kind: postgres, migrations: {service: web, command: [migrate]}}}
gates:
  unit: {kind: checks, service: web, command: [pytest]}
  api: {kind: integration, service: web, command: [check]}
"""


def name_of(word: str) -> str:
    return sha256(word.encode()).hexdigest()


@dataclass
class Story:
    """Each method is an event; `now` is its time."""

    events: list[dict[str, Any]] = field(default_factory=list)
    now: datetime = NOON

    def tell(self, event: str, **facts: Any) -> Story:
        about = {"at": self.now.isoformat(), "who": "ci", "event": event, "application": "notes"}
        self.events.append({**about, **facts})
        return self

    def later(self, **span: float) -> Story:
        self.now += timedelta(**span)
        return self

    def stages(self, text: str = STAGES) -> Story:
        application = parse(BASE + text, "bough.yaml")
        return self.tell(DECLARED, branch="main", commit="c", **declared(application))

    def released(
        self,
        word: str,
        branch: str = "main",
        *,
        authors: tuple[str, ...] = ("ada@x.org",),
        schema: str | None = "s1",
        who: str = "ci",
        commit: str | None = None,
    ) -> Story:
        """Released and serving in its branch's environment."""
        record = {
            "application": "notes",
            "commit": name_of(commit or f"commit {word}")[:40],
            "tree": name_of(f"tree {word}")[:40],
            "schema": {"db": schema} if schema else {},
        }
        facts = {"release": name_of(word), "record": record, "branch": branch}
        self.tell("released", **facts, authors=[*authors], who=who, description={})
        return self.serves(word, branch)

    def serves(self, word: str, branch: str = "main") -> Story:
        return self.tell("deployed", environment=branch, branch=branch, release=name_of(word))

    def taken_over(self, word: str, branch: str = "main") -> Story:
        self.tell("taken over", release=name_of(word), branch=branch, commit="c", authors=[])
        return self.serves(word, branch)

    def deployed(self, word: str, stage: str, *, rollback: bool = False) -> Story:
        environment = f"notes-{stage}"
        about = {"environment": environment, "stage": stage, "release": name_of(word)}
        return self.tell("deployed", **about, rollback=rollback)

    def failed(self, word: str, stage: str, *, migrated: str | None = None) -> Story:
        """`migrated` is the release whose databases the stage had then."""
        about = {"environment": f"notes-{stage}", "stage": stage, "release": name_of(word)}
        schema = name_of(migrated) if migrated else None
        return self.tell("deployment failed", **about, migrated=schema, why="it died")

    def canary(self, event: str, word: str, stage: str, **facts: Any) -> Story:
        """`event` is started, shared or ended; by default on the canary's own schema."""
        about = {"environment": f"notes-{stage}", "stage": stage, "instances": 1, "share": 10}
        names = {"release": name_of(word), "schema": name_of(word)}
        return self.tell(f"canary {event}", **{**about, **names, **facts})

    def gate(self, word: str, stage: str, gate: str, verdict: str = "PASS", **facts: Any) -> Story:
        about = {"release": name_of(word), "stage": stage, "gate": gate, "kind": "command"}
        return self.tell("gate", **{**about, "verdict": verdict, "why": "so", **facts})

    def migrates(self, word: str, stage: str, revision: str, *serves: str) -> Story:
        evidence = {"revision": revision, "serves": [*serves]}
        return self.gate(word, stage, "schema", kind="migration", evidence=evidence)

    def approved(self, word: str, stage: str, email: str, who: str | None = None) -> Story:
        return self._voted("approved", word, stage, email, who)

    def rejected(
        self, word: str, stage: str, email: str, who: str | None = None, *, withdrawn: bool = False
    ) -> Story:
        return self._voted("rejected", word, stage, email, who, withdrawn=withdrawn)

    def _voted(
        self, event: str, word: str, stage: str, email: str, who: str | None, **facts: Any
    ) -> Story:
        person = {"identity": email, "who": who or email.partition("@")[0]}
        return self.tell(event, release=name_of(word), stage=stage, why="", **person, **facts)

    def state(self) -> State:
        return project(self.events)["notes"]

    def release(self, word: str) -> Release:
        return self.state().releases[name_of(word)]
