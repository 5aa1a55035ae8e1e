"""Entries that wait for the ledger; what becomes of them there is in tests/integration."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.support.waiting_entries import recorded

from bough import ledger
from bough.ledger.waiting import waiting
from bough_components.errors import BoughError
from bough_components.local.home import Home


def test_events_wait_in_the_order_in_which_they_happened(home: Home) -> None:
    ledger.record(home, "rotated", environment="main")
    ledger.record(home, "destroyed", environment="main")
    assert [event["event"] for event in recorded(home)] == ["rotated", "destroyed"]
    assert all(event["who"] for event in recorded(home))


def test_many_writers_lose_nothing(home: Home) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ledger.record(home, "x", number=number), range(100)))
    assert sorted(event["number"] for event in recorded(home)) == list(range(100))


def test_only_their_owner_reads_them(home: Home) -> None:
    ledger.record(home, "one")
    (path,) = waiting(home)
    assert path.stat().st_mode & 0o777 == 0o600


def test_they_stay_while_the_ledger_is_away(home: Home) -> None:
    ledger.record(home, "one")
    with pytest.raises(BoughError, match="not wholly set up"):
        ledger.events(home)
    assert [event["event"] for event in recorded(home)] == ["one"]


def test_a_platform_that_was_never_set_up_has_no_history(tmp_path: Path) -> None:
    assert list(ledger.events(Home(tmp_path / "nowhere"))) == []
