"""When the keeper promotes, and what; that it comes to serve is in tests/integration."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.support.memory_ledger import MemoryLedger
from tests.unit.bough.pipeline.telling import Story, name_of

from bough import ledger, platform
from bough.keeper.promotions import REST, Promotions
from bough.ledger.waiting import waiting
from bough.pipeline import stages
from bough_components.errors import UnavailableError
from bough_components.local.home import Home

AUTO = "stages: {test: {auto: true}, prod: {}}"


@dataclass
class World:
    """A ledger, a clock, and programs that are only noted."""

    story: Story = field(default_factory=lambda: Story().stages(AUTO))
    newest: str = "1"
    now: float = 1000.0
    status: int = 0
    read: int = 0
    ran: list[list[str]] = field(default_factory=list)

    def states(self, _home: Home) -> dict[str, Any]:
        self.read += 1
        return {"notes": self.story.state()}

    def run(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.ran.append(command[3:])
        return subprocess.CompletedProcess(command, self.status, stdout="", stderr="it said no")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(platform, "is_up", lambda _: True)
    monkeypatch.setattr(ledger, "newest", lambda _: made.newest)
    monkeypatch.setattr(stages, "states", made.states)
    monkeypatch.setattr(subprocess, "run", made.run)
    return made


@pytest.fixture
def duty(home: Home, world: World) -> Promotions:
    return Promotions(home, lambda: world.now)


def test_what_nothing_speaks_against_is_promoted(world: World, duty: Promotions) -> None:
    world.story.released("r1")
    duty.look()
    assert world.ran == [["promote", "test", name_of("r1"), "--application", "notes"]]


def test_nothing_is_promoted_where_a_person_must(world: World, duty: Promotions) -> None:
    world.story.stages("stages: {test: {}, prod: {}}").released("r1")
    duty.look()
    assert (world.read, world.ran) == (1, [])


def test_a_ledger_that_did_not_change_is_left_alone_for_a_while(
    world: World, duty: Promotions
) -> None:
    for _ in range(3):
        duty.look()
    assert world.read == 1
    world.newest = "2"
    duty.look()
    assert world.read == 2
    world.now += REST
    duty.look()
    assert world.read == 3


def test_one_that_was_refused_is_tried_later(world: World, duty: Promotions) -> None:
    world.story.released("r1")
    world.status = 1
    for number in range(3):
        world.newest = f"changed {number}"
        duty.look()
    assert len(world.ran) == 1
    world.now += REST
    duty.look()
    assert len(world.ran) == 2


def test_a_platform_that_is_down_promotes_nothing(
    world: World, duty: Promotions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "is_up", lambda _: False)
    world.story.released("r1")
    duty.look()
    assert world.ran == []


def test_a_ledger_that_is_away_is_asked_again(
    world: World, duty: Promotions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_home: Home) -> dict[str, Any]:
        raise UnavailableError("postgres does not answer")

    world.story.released("r1")
    with monkeypatch.context() as patch:
        patch.setattr(stages, "states", away)
        duty.look()
    world.now += REST
    duty.look()
    assert len(world.ran) == 1


WANTED = {
    **{"event": "approval wanted", "application": "notes", "stage": "test"},
    **{"release": name_of("r1"), "commit": name_of("commit r1")[:40]},
    **{"given": 0, "wanted": 2, "may": "somebody who is not its author"},
}


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryLedger:
    ledger = MemoryLedger()
    ledger.stand_in(monkeypatch)
    return ledger


def asked(home: Home) -> list[dict[str, Any]]:
    found = ledger.events(home, "approval wanted")
    return [{key: event[key] for key in WANTED} for event in found]


@pytest.mark.usefixtures("memory")
def test_people_are_asked_once_for_what_only_they_keep(
    home: Home, world: World, duty: Promotions
) -> None:
    world.story.stages("stages: {test: {auto: true, approvals: 2}}").released("r1")
    duty.look()
    assert asked(home) == [WANTED]
    assert (world.read, world.ran) == (1, [])
    # a restarted keeper, before and after the entry came into the ledger
    Promotions(home, duty.clock).look()
    world.story.events.extend(ledger.events(home))
    Promotions(home, duty.clock).look()
    world.newest = "a vote"
    world.story.approved("r1", "test", "bo@x.org")
    duty.look()
    assert asked(home) == [WANTED]


@pytest.mark.usefixtures("memory")
def test_two_keepers_that_look_at_once_ask_once(home: Home, world: World, duty: Promotions) -> None:
    world.story.stages("stages: {test: {approvals: 2}}").released("r1")
    for look in (duty.look, Promotions(home, duty.clock).look):
        look()
    assert len(waiting(home)) == 2, "neither has seen what the other wrote"
    assert asked(home) == [WANTED]
