"""What is still to be told, decided from the ledger alone. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from bough.notices import notice as notices
from bough.notices.notice import BRANCH, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DECLARED = "pipeline declared"
NOTICED = "noticed"
GIVEN_UP = "notice given up"

ENTRIES = (DECLARED, NOTICED, GIVEN_UP, *notices.ENTRIES)
"""What of the ledger decides."""


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """One of bough.yaml's `notices`; `secret` is its name."""

    application: str
    kind: str
    secret: str
    events: tuple[str, ...]
    stages: tuple[str, ...] | None = None
    organization: str | None = None
    projects: tuple[str, ...] = ()
    environment: str | None = None

    def wants(self, notice: Notice) -> bool:
        """What concerns all stages concerns whoever is told of any."""
        if notice.event not in self.events:
            return False
        if self.stages is None:
            return notice.stage != BRANCH
        return notice.stage is None or notice.stage in self.stages

    def __str__(self) -> str:
        return f"{self.kind} ({self.secret}) of {self.application}"


@dataclass(frozen=True)
class Delivery:
    """One notice for one addressee."""

    notice: Notice
    addressee: Addressee

    @property
    def environment(self) -> str:
        """What the addressee calls the stage; instances of a branch know theirs as preview."""
        stage = "preview" if self.notice.stage == BRANCH else self.notice.stage
        return self.addressee.environment or stage or "unknown"

    @property
    def id(self) -> str:
        """32 hex digits: the same for each try, in each process, and in every later bough."""
        told, to = self.notice, self.addressee
        facts = (
            *(told.at, told.who, told.event, told.application, told.stage, told.environment),
            *(told.release, told.commit, told.why),
            *(to.kind, to.secret, to.organization, *to.projects, to.environment),
        )
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:32]


def outstanding(entries: Iterable[Mapping[str, Any]]) -> list[Delivery]:
    """What was neither delivered nor given up, oldest first. `entries` are the ledger's, oldest
    first. Whom an event concerns is what was declared when it happened."""
    declared: dict[str, tuple[Addressee, ...]] = {}
    found: dict[str, Delivery] = {}
    for entry in entries:
        word = entry.get("event")
        if word == DECLARED:
            declared[entry["application"]] = tuple(_addressees(entry))
        elif word in (NOTICED, GIVEN_UP):
            found.pop(entry["notice"], None)
        elif notice := notices.of_entry(entry):
            for addressee in declared.get(notice.application, ()):
                if addressee.wants(notice):
                    delivery = Delivery(notice, addressee)
                    found[delivery.id] = delivery
    return list(found.values())


def queues(deliveries: Iterable[Delivery]) -> list[list[Delivery]]:
    """By addressee: each is told of things in the order in which they happened."""
    found: dict[Addressee, list[Delivery]] = {}
    for delivery in deliveries:
        found.setdefault(delivery.addressee, []).append(delivery)
    return list(found.values())


def _addressees(entry: Mapping[str, Any]) -> Iterable[Addressee]:
    known = {each.name for each in fields(Addressee)}
    for words in entry.get("notices") or ():
        # another bough may know more of them
        facts = {key: _frozen(value) for key, value in words.items() if key in known}
        yield Addressee(**{**facts, "application": entry["application"]})


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
