"""A canary's steps, with a Pulumi that plays and nothing that runs."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.bough.playing import Pulumi
from tests.unit.bough.release.naming import SLUG

from bough import ledger, registry
from bough.release import deployment
from bough.release.canary import Canary
from bough.release.deployment import Deployment
from bough.release.trial import ENDED, SHARED, STARTED, Trial
from bough_components.errors import BoughError
from bough_components.local import running
from bough_components.local.home import Home


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing runs in the stage; the registry has all images."""
    monkeypatch.setattr(running, "instances", lambda *_: [])
    monkeypatch.setattr(deployment, "require_images", lambda *_: None)


@pytest.fixture
def trial(home: Home, made: Deployment, lines: list[str]) -> Trial:
    assert made.canary
    alone = replace(made, canary=None)
    replace(alone, schema=made.release).remember(home)
    return Trial(home=home, alone=alone, canary=made.canary, report=lines.append)


def events(home: Home) -> list[dict[str, Any]]:
    return list(ledger.events(home, STARTED, SHARED, ENDED))


def told(pulumi: Pulumi) -> dict[str, Any]:
    """What Pulumi was told last."""
    (line,) = [line for line in pulumi.environment if line.startswith(deployment.VARIABLE)]
    facts: dict[str, Any] = json.loads(line.partition("=")[2])
    return facts


def ups(pulumi: Pulumi) -> int:
    return sum(call.startswith("up") for call in pulumi.calls)


def kept(home: Home) -> Canary | None:
    record = registry.find(home, SLUG)
    assert record is not None
    return record.canary


def test_it_begins(home: Home, trial: Trial, pulumi: Pulumi) -> None:
    trial.begin()
    assert told(pulumi)["canary"] == trial.canary.facts
    (event,) = events(home)
    assert event["event"] == STARTED
    assert trial.canary.facts.items() <= event.items()
    assert (event["stage"], event["environment"]) == ("production", SLUG)
    assert event["schema"] == trial.alone.schema


@pytest.mark.parametrize("migrated", [False, True])
def test_what_does_not_start_is_taken_back(
    home: Home, trial: Trial, pulumi: Pulumi, lines: list[str], *, migrated: bool
) -> None:
    """Onto the databases that there are by then."""
    if migrated:
        trial.both.remember_schema(home)
    schema = trial.canary.release if migrated else trial.alone.release
    pulumi.says("web does not start\n", status=1)
    with pytest.raises(BoughError, match="web does not start"):
        trial.begin()
    assert ups(pulumi) == 2
    assert told(pulumi)["canary"] is None
    assert told(pulumi)["schema"] == schema
    # that failed too: it has no clients, and may be stopped
    assert kept(home) == replace(trial.canary, share=0)
    assert "back, `bough canary stop production` tries again: web does not start." in lines[-1]


def test_a_share_is_kept_whatever_comes_of_the_update(
    home: Home, trial: Trial, pulumi: Pulumi
) -> None:
    assert trial.widened(25).canary.share == 25
    assert (events(home)[-1]["event"], events(home)[-1]["share"]) == (SHARED, 25)
    pulumi.says("no\n", status=1)
    with pytest.raises(BoughError):
        trial.widened(50)
    assert kept(home) == replace(trial.canary, share=50)
    assert len(events(home)) == 1


def test_it_is_taken_back(home: Home, trial: Trial, pulumi: Pulumi) -> None:
    trial.take_back("stopped", "enough")
    (event,) = events(home)
    assert (event["result"], event["why"]) == ("stopped", "enough")
    assert told(pulumi)["canary"] is None
