"""Stages as a platform's ledger has them."""

import pytest
from tests.support.memory_ledger import MemoryLedger
from tests.unit.bough.pipeline.telling import BASE, Story, name_of

from bough import ledger
from bough.config import Application, parse
from bough.pipeline import stages
from bough.pipeline.declaration import DECLARED
from bough_components.errors import BoughError, NotFoundError, UsageError
from bough_components.local.home import Home

TWO = parse(BASE + "stages: {test: {replicas: {web: 2}}, prod: {}}", "bough.yaml")
NONE = parse(BASE, "bough.yaml")


@pytest.fixture(autouse=True)
def _ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    MemoryLedger().stand_in(monkeypatch)


def declare(home: Home, application: Application) -> bool:
    """What a deployment of main writes down; whether there was something new."""
    facts = stages.new_declaration(home, application, "main")
    if facts:
        about = {"application": application.application, "branch": "main", "commit": "c"}
        ledger.record(home, DECLARED, **about, **facts)
    return facts is not None


def test_declared_once_and_known_from_then_on(home: Home) -> None:
    with pytest.raises(NotFoundError, match="no stage 'test'; there are: none"):
        stages.of(home, "notes", "test")
    assert [declare(home, TWO), declare(home, TWO)] == [True, False]
    (event,) = ledger.events(home, "pipeline declared")
    assert (event["branch"], event["commit"]) == ("main", "c")
    assert stages.of(home, "notes", "test").replicas == {"web": 2}
    assert declare(home, NONE)


def test_an_application_without_stages_declares_nothing(home: Home) -> None:
    declare(home, NONE)
    assert list(ledger.events(home)) == []


def test_which_application_is_meant(home: Home) -> None:
    with pytest.raises(NotFoundError, match="no application has any release"):
        stages.state(home)
    declare(home, TWO)
    assert stages.state(home).application == "notes"
    other = TWO.model_copy(update={"application": "other"})
    declare(home, other)
    assert stages.state(home, "other").application == "other"
    with pytest.raises(UsageError, match="several applications may be meant: notes, other"):
        stages.state(home)
    with pytest.raises(NotFoundError, match="no application has a stage 'x'"):
        stages.state(home, stage="x")
    with pytest.raises(NotFoundError, match="nothing is known of an application 'x'"):
        stages.state(home, "x")


def test_applications_do_not_see_each_other() -> None:
    mine = Story().stages().released("r1").deployed("r1", "test")
    theirs = [{**event, "application": "other"} for event in Story().stages().released("r2").events]
    alone = mine.state()
    mine.events = [event for pair in zip(theirs, mine.events, strict=False) for event in pair]
    mixed = mine.state()
    assert set(mixed.releases) == {name_of("r1")}
    assert mixed.pipeline == alone.pipeline


def test_an_entry_of_another_bough_is_named(home: Home) -> None:
    ledger.record(home, "approved", application="notes", release="r")
    with pytest.raises(BoughError, match=r"an entry 'approved' of .* \(KeyError: 'stage'\)"):
        stages.states(home)
