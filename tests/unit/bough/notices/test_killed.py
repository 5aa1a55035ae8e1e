"""A keeper that is killed between telling and writing down that it told."""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.ledgers import FileLedger
from tests.support.receivers import Program, Receiver, Rollbar, Sentry, Slack
from tests.unit.bough.notices.conftest import Desk
from tests.unit.bough.notices.history import declared, deployed, words

from bough.notices.due import outstanding
from bough.notices.journal import Tried
from bough.notices.patience import TRIES

if TYPE_CHECKING:
    from collections.abc import Callable


class Doomed(FileLedger):
    """Its process is killed before anything is written."""

    def record(self, event: str, **facts: Any) -> None:  # noqa: ARG002
        os.kill(os.getpid(), signal.SIGKILL)


def killed(desk: Desk) -> None:
    doomed = replace(desk, ledger=Doomed(desk.ledger.path))
    process = multiprocessing.get_context("fork").Process(target=doomed.look)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL


def kind_of(receiver: Receiver) -> str:
    kinds = {Sentry: "sentry", Rollbar: "rollbar", Slack: "slack", Program: "webhook"}
    return kinds[type(receiver)]


@pytest.fixture(params=["sentry", "rollbar", "webhook", "slack"])
def receiver(request: pytest.FixtureRequest, serve: Callable[[Any], Any]) -> Any:
    made: dict[str, Callable[[], Receiver]] = {
        "sentry": Sentry,
        "rollbar": lambda: Rollbar("post_server_item", "read"),
        "webhook": Program,
        "slack": Slack,
    }
    return serve(made[request.param]())


def test_nothing_is_lost_and_nothing_told_twice_where_the_api_allows(
    desk: Desk, receiver: Any
) -> None:
    kind = kind_of(receiver)
    desk.secrets[f"{kind}-1"] = receiver.secret
    desk.add(declared(words(kind)))
    desk.add(deployed())
    killed(desk)
    assert len(receiver.told) == 1
    assert desk.ledger.of("noticed") == []
    desk.look(later=6)
    (noticed,) = desk.ledger.of("noticed")
    assert noticed["tries"] == 2
    # Slack's incoming webhooks have no way to know a repetition
    assert len(receiver.told) == (2 if kind == "slack" else 1)
    desk.look(later=600)
    assert len(desk.ledger.of("noticed")) == 1


def test_killed_again_and_again_it_ends(desk: Desk, sentry: Sentry) -> None:
    desk.secrets["sentry-1"] = sentry.secret
    desk.add(declared(words("sentry")))
    desk.add(deployed())
    for _ in range(4):
        killed(desk)
        desk.clock.now += 10_000
    desk.look()
    assert len(sentry.told) == 1
    assert desk.ledger.of("noticed")[0]["tries"] == 5


def test_a_keeper_that_ends_in_each_try_gives_up(desk: Desk, sentry: Sentry) -> None:
    desk.secrets["sentry-1"] = sentry.secret
    desk.add(declared(words("sentry")))
    desk.add(deployed())
    (delivery,) = outstanding(desk.ledger.entries())
    desk.journal.write(delivery.id, Tried(TRIES, 0.0, "whether it arrived is not known"))
    desk.look()
    assert sentry.requests == []
    (dead,) = desk.ledger.of("notice given up")
    assert dead["why"] == "whether it arrived is not known"
