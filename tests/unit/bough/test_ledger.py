from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bough import ledger
from bough_components.local.home import Home


def test_events_are_kept_in_order_with_time_and_person(home: Home) -> None:
    ledger.record(home, "rotated", environment="main")
    ledger.record(home, "destroyed", environment="main", why="the branch is gone")
    first, second = ledger.events(home)
    assert (first["event"], second["event"]) == ("rotated", "destroyed")
    assert second["why"] == "the branch is gone"
    assert first["who"]
    assert datetime.fromisoformat(first["at"]) <= datetime.fromisoformat(second["at"])


def test_nothing_happened_yet(home: Home) -> None:
    assert list(ledger.events(home)) == []
    assert not ledger.known(home, "rotated")


def test_an_event_is_known_by_its_facts(home: Home) -> None:
    ledger.record(home, "rotated", environment="main", seconds=2)
    assert ledger.known(home, "rotated", environment="main")
    assert not ledger.known(home, "rotated", environment="other")


def test_many_writers_do_not_mix(home: Home) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ledger.record(home, "x" * 500, number=number), range(200)))
    assert sorted(event["number"] for event in ledger.events(home)) == list(range(200))


def test_a_line_that_was_cut_short_hides_no_other(home: Home) -> None:
    ledger.record(home, "one")
    with (home.root / "logs" / ledger.FILE).open("a") as file:
        file.write('{"event": "tw\n')
    ledger.record(home, "three")
    assert [event["event"] for event in ledger.events(home)] == ["one", "three"]


def test_only_its_owner_reads_it(home: Home) -> None:
    ledger.record(home, "one")
    assert (home.root / "logs" / ledger.FILE).stat().st_mode & 0o777 == 0o600
