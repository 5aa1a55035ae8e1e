"""From the ledger's events to where everything stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from bough.branch import short
from bough.pipeline import upstream
from bough.pipeline.declaration import DECLARED, Pipeline
from bough.pipeline.people import Person
from bough.pipeline.state import Release, Said, State, Stay, Verdict, Vote
from bough.release.canary import TAKEN_BACK, Canary
from bough_components.errors import BoughError

if TYPE_CHECKING:
    from collections.abc import Iterable

Event = Mapping[str, Any]


def project(events: Iterable[Event]) -> dict[str, State]:
    """The state of each application, from all events, oldest first."""
    found: dict[str, _Projection] = {}
    for number, event in enumerate(events):
        application = event.get("application")
        if application and application not in found:
            found[application] = _Projection(application)
        # an environment's end is told with its own name only
        for each in [found[application]] if application else found.values():
            _take(each, number, event)
    return {application: each.state for application, each in found.items()}


def _take(projection: _Projection, number: int, event: Event) -> None:
    try:
        projection.take(number, event)
    except (KeyError, TypeError, ValueError) as error:
        raise BoughError(
            f"the ledger has an entry {event.get('event')!r} of {event.get('at')} that this bough"
            f" does not understand ({type(error).__name__}: {error})",
            "a newer bough may have written it: see `bough log --json`, bring this one up to date",
        ) from None


class _Projection:
    """One application's state, while it is being made."""

    def __init__(self, application: str) -> None:
        self.state = State(application=application)
        self._glass: dict[tuple[str, str], frozenset[str]] = {}

    def take(self, number: int, event: Event) -> None:
        if handle := _HANDLERS.get(event["event"]):
            handle(self, number, event)

    def _declared(self, _number: int, event: Event) -> None:
        self.state.pipeline = Pipeline.of(event)

    def _released(self, number: int, event: Event) -> None:
        release = Release(
            id=event["release"],
            born=number,
            at=_at(event),
            record=event["record"],
            branch=short(event["branch"]),
            authors=frozenset(each.strip().casefold() for each in event["authors"]),
            pusher=event["who"],
        )
        self.state.releases.setdefault(release.id, release)
        self._taken_over(number, event)

    def _taken_over(self, number: int, event: Event) -> None:
        self.state.seen.setdefault(event["release"], {})[short(event["branch"])] = number

    def _deployed(self, _number: int, event: Event) -> None:
        environment, release, stage = event["environment"], event.get("release"), event.get("stage")
        if release not in self.state.releases:
            self._ended(event)
            return
        if stage:
            self._turn(release, stage, rollback=bool(event.get("rollback")))
            self._migrate(release, stage)
            self.state.failed.pop((release, stage), None)
            self.state.canaries.pop(stage, None)
        stay = self.state.standing.get(environment)
        if stay is None or stay.release != release:
            self._ended(event)
            branch = event.get("branch")
            stay = Stay(
                release=release,
                environment=environment,
                stage=stage,
                branch=short(branch) if branch else None,
                since=_at(event),
            )
            self.state.standing[environment] = stay
            self.state.stays.setdefault(release, []).append(stay)
        stay.verdicts.clear()
        stay.glass = self._glass.pop((release, stage or ""), frozenset())
        stay.passed = stay.passed or upstream.passed(self.state, stay)

    def _failed(self, _number: int, event: Event) -> None:
        about = (event.get("release") or "", event.get("stage") or "")
        self._glass.pop(about, None)
        self.state.failed[about] = event.get("why") or ""
        if event.get("migrated") in self.state.releases:
            self._migrate(event["migrated"], event["stage"])

    def _ended(self, event: Event) -> None:
        stay = self.state.standing.pop(event["environment"], None)
        if stay:
            stay.until = _at(event)

    def _destroyed(self, _number: int, event: Event) -> None:
        stay = self.state.standing.get(event["environment"])
        self._ended(event)
        if stay and stay.stage:
            self.state.schemas.pop(stay.stage, None)
            self.state.canaries.pop(stay.stage, None)
            # who took it away does not want it back by itself
            self.state.turned_back[stay.stage] = stay.release

    def _tried(self, _number: int, event: Event) -> None:
        release, stage = event["release"], event["stage"]
        if release in self.state.releases:
            self.state.canaries[stage] = Canary.of(event)
            self.state.failed.pop((release, stage), None)
            self._migrate(event["schema"], stage)

    def _untried(self, _number: int, event: Event) -> None:
        """What was taken back is left to people, as what failed to be deployed."""
        release, stage = event["release"], event["stage"]
        self.state.canaries.pop(stage, None)
        if release in self.state.releases and event["result"] in TAKEN_BACK:
            why = event.get("why") or "no reason was given"
            self.state.failed[release, stage] = f"the canary {event['result']}: {why}"
            self._migrate(event["schema"], stage)

    def _judged(self, _number: int, event: Event) -> None:
        if event["kind"] == "migration":
            self._shown(event)
        stay = self.state.current(event["stage"])
        if stay and stay.release == event["release"]:
            stay.verdicts[event["gate"]] = Verdict(event["verdict"], event.get("why") or "")
            stay.passed = stay.passed or upstream.passed(self.state, stay)

    def _shown(self, event: Event) -> None:
        """What a migration gate found out about older schemas, when it passed; a later one that
        did not takes it back."""
        evidence = event.get("evidence") or {}
        revision = evidence.get("revision")
        if revision and event["verdict"] == upstream.GOOD:
            self.state.serves.setdefault(revision, set()).update(evidence.get("serves") or ())
        elif revision and event["verdict"] == "FAIL":
            self.state.serves.pop(revision, None)

    def _turn(self, release: str, stage: str, *, rollback: bool) -> None:
        """An older release stops automatic promotion; the newest that could come starts it."""
        stands = self.state.current(stage)
        rank = self.state.rank(release)
        if rollback or (stands and rank < self.state.rank(stands.release)):
            self.state.turned_back[stage] = release
        elif stage in self.state.turned_back and not self._has_newer(rank, stage):
            del self.state.turned_back[stage]

    def _has_newer(self, rank: int, stage: str) -> bool:
        return stage in self.state.pipeline.stages and any(
            self.state.rank(other.id) > rank and upstream.verified(self.state, other, stage)
            for other in self.state.releases.values()
        )

    def _migrate(self, release: str, stage: str) -> None:
        live = self.state.releases.get(self.state.schemas.get(stage, ""))
        if live is None or self.state.releases[release].born >= live.born:
            self.state.schemas[stage] = release

    def _voted(self, _number: int, event: Event) -> None:
        kind: Literal["approved", "rejected", "withdrawn"] = event["event"]
        if event.get("withdrawn"):
            kind = "withdrawn"
        said = _said(event)
        vote = Vote(said.person, said.at, said.why, kind)
        self.state.votes.setdefault((event["release"], event["stage"]), []).append(vote)

    def _asked(self, _number: int, event: Event) -> None:
        self.state.asked.add((event["release"], event["stage"]))

    def _held(self, _number: int, event: Event) -> None:
        if event.get("stage"):
            self.state.held_stages[event["stage"]] = _said(event)
        else:
            self.state.held_releases[event["release"]] = _said(event)

    def _let_go(self, _number: int, event: Event) -> None:
        if event.get("stage"):
            self.state.held_stages.pop(event["stage"], None)
        else:
            self.state.held_releases.pop(event["release"], None)

    def _stopped(self, _number: int, event: Event) -> None:
        self.state.stopped = _said(event)

    def _resumed(self, _number: int, _event: Event) -> None:
        self.state.stopped = None

    def _broke(self, _number: int, event: Event) -> None:
        self._glass[event["release"], event["stage"]] = frozenset(event["rules"])


_HANDLERS: Mapping[str, Callable[[_Projection, int, Event], None]] = {
    DECLARED: _Projection._declared,
    "released": _Projection._released,
    "taken over": _Projection._taken_over,
    "deployed": _Projection._deployed,
    "deployment failed": _Projection._failed,
    "destroyed": _Projection._destroyed,
    "canary started": _Projection._tried,
    "canary shared": _Projection._tried,
    "canary ended": _Projection._untried,
    "gate": _Projection._judged,
    "approval wanted": _Projection._asked,
    "approved": _Projection._voted,
    "rejected": _Projection._voted,
    "held": _Projection._held,
    "released from hold": _Projection._let_go,
    "line stopped": _Projection._stopped,
    "line resumed": _Projection._resumed,
    "broke glass": _Projection._broke,
}
KINDS = tuple(_HANDLERS)
"""The events that anything here follows from."""


def _said(event: Event) -> Said:
    person = Person.of(event.get("identity") or "", event["who"])
    return Said(person, _at(event), event.get("why") or "")


def _at(event: Event) -> datetime:
    return datetime.fromisoformat(event["at"])
