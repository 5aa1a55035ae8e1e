"""Whether something was recorded; that PostgreSQL answers alike is in tests/integration."""

from pathlib import Path

import pytest
from tests.support.containment import CASES, RECORDED, Facts
from tests.support.memory_ledger import MemoryLedger

from bough import ledger
from bough.ledger import store
from bough_components.local.home import Home


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryLedger:
    made = MemoryLedger()
    made.stand_in(monkeypatch)
    return made


@pytest.mark.parametrize(("facts", "known"), CASES)
def test_what_is_asked_for_must_be_in_it(home: Home, facts: Facts, known: bool) -> None:
    ledger.record(home, "tried", **RECORDED)
    assert ledger.known(home, "tried", **facts) is known
    assert not ledger.known(home, "seen", **facts)
    assert [each["event"] for each in ledger.events(home, "tried", **facts)] == ["tried"] * known


def test_no_entry_is_fetched_for_the_answer(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(store, "events", fetch)
    ledger.record(home, "waits", number=1)
    assert ledger.known(home, "waits", number=1)


def test_a_platform_that_was_never_set_up_knows_nothing(tmp_path: Path) -> None:
    assert not ledger.known(Home(tmp_path / "nowhere"), "tried")


def test_who_reads_an_entry_cannot_change_it(home: Home) -> None:
    ledger.record(home, "tried", list=["x"])
    (entry,) = ledger.events(home, "tried")
    entry["list"].clear()
    assert ledger.known(home, "tried", list=["x"])
