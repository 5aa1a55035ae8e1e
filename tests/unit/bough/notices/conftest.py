from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from tests.support.ledgers import FileLedger
from tests.support.receivers import Program, Receiver, Rollbar, Sentry, Slack

from bough.notices.asking import Asking
from bough.notices.errors import UnreadyError
from bough.notices.journal import Journal
from bough.notices.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

Kind = TypeVar("Kind", bound=Receiver)


@dataclass
class Clock:
    """Seconds since 1970 that pass when told to; it begins at the events' own time."""

    now: float = 1795262400.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """An outbox with all that it needs, and nothing of a platform."""

    ledger: FileLedger
    journal: Journal
    clock: Clock = field(default_factory=Clock)
    secrets: dict[str, Mapping[str, str]] = field(default_factory=dict)
    seconds: float = 60.0

    def secret(self, application: str, name: str) -> Mapping[str, str]:
        assert application == "notes"
        if name not in self.secrets:
            raise UnreadyError(f"nobody set {name}")
        return self.secrets[name]

    @property
    def outbox(self) -> Outbox:
        """Made anew each time, as after a restart."""
        asking = Asking(loopback=True, seconds=self.seconds)
        return Outbox(
            self.ledger, self.journal, self.secret, asking, self.clock, chance=lambda: 0.5
        )

    def look(self, later: float = 0.0) -> None:
        self.clock.now += later
        self.outbox.look()

    def add(self, entry: dict[str, Any]) -> None:
        facts = dict(entry)
        assert facts.pop("who") == "ada"
        self.ledger.record(facts.pop("event"), **facts)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(FileLedger(tmp_path / "ledger"), Journal(tmp_path / "notices.json"))


@pytest.fixture
def serve() -> Iterator[Callable[[Kind], Kind]]:
    """Has a receiver answer until the test ends."""
    with ExitStack() as stack:

        def serving(receiver: Kind) -> Kind:
            stack.enter_context(receiver.serving())
            return receiver

        yield serving


@pytest.fixture
def slack(serve: Callable[[Slack], Slack]) -> Slack:
    return serve(Slack())


@pytest.fixture
def sentry(serve: Callable[[Sentry], Sentry]) -> Sentry:
    return serve(Sentry())


@pytest.fixture
def rollbar(serve: Callable[[Rollbar], Rollbar]) -> Rollbar:
    return serve(Rollbar())


@pytest.fixture
def program(serve: Callable[[Program], Program]) -> Program:
    return serve(Program())
