"""The ledger in the platform's own PostgreSQL."""

import json

import psycopg
import pytest
from tests.support.containment import CASES, RECORDED
from tests.support.platforms import Platform
from tests.support.waiting import until

from bough import ledger
from bough.ledger.waiting import waiting
from bough_components.local import ledger_database
from bough_components.local.clients import postgres
from bough_components.local.home import Home


@pytest.fixture
def home(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BOUGH_HOME", str(platform.root))
    return Home.current()


def test_an_entry_is_there_for_whoever_reads(home: Home, platform: Platform) -> None:
    ledger.record(home, "tried", application="tried", what="ö", number=1)
    ledger.record(home, "tried", application="other", number=2)
    ledger.record(home, "seen", application="tried", number=3)
    assert [each["number"] for each in ledger.events(home, application="tried")] == [1, 3]
    assert [each["number"] for each in ledger.events(home, "tried", "seen")] == [1, 2, 3]
    assert ledger.known(home, "tried", what="ö")
    assert not ledger.known(home, "seen", what="ö")
    rows = platform.json("log", "--application", "tried", "--last", "1")
    assert [(row["event"], row["number"]) for row in rows] == [("seen", 3)]
    assert "number=3" in platform.bough("log", "--event", "seen").ended().stdout


def test_what_is_asked_for_must_be_in_it(home: Home) -> None:
    """As tests/unit has it of the ledger that stands in for this one."""
    ledger.record(home, "contained", **RECORDED)
    assert [ledger.known(home, "contained", **facts) for facts, _ in CASES] == [
        known for _, known in CASES
    ]
    for facts, known in CASES:
        assert len(list(ledger.events(home, "contained", "no such event", **facts))) == known


def test_the_keeper_adds_what_waits(home: Home) -> None:
    ledger.record(home, "left behind")
    until(lambda: not waiting(home), 15, "the keeper added it")
    assert ledger.known(home, "left behind")


def test_an_entry_that_was_added_before_is_not_added_twice(home: Home) -> None:
    ledger.record(home, "once")
    ((path, entry),) = waiting(home).items()
    text = path.read_text()
    ledger.flush(home)
    # killed between adding and forgetting it
    path.write_text(text)
    ledger.flush(home)
    assert len(list(ledger.events(home, "once"))) == 1
    assert json.loads(entry.text)["event"] == "once"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET hash = hash",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "DROP TABLE entries",
        "ALTER TABLE entries DISABLE TRIGGER append_only",
    ],
)
def test_bough_s_own_role_can_only_add(home: Home, statement: str) -> None:
    ledger.record(home, "kept")
    ledger.flush(home)
    with (
        ledger_database.ledger(home) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_nobody_changes_an_entry_without_being_noticed(home: Home, platform: Platform) -> None:
    ledger.record(home, "signed", release="abc", who_else="anna")
    assert "the ledger is whole" in platform.bough("log", "--verify").ended().stdout
    with postgres(home, "bough-ledger") as connection:
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute("DELETE FROM entries")
        _forge(connection, "anna", "mallory")
        platform.bough("log", "--verify").failed_saying("the ledger was changed", "not what was")
        _forge(connection, "mallory", "anna")
    platform.bough("log", "--verify").ended()


def _forge(connection: psycopg.Connection, old: str, new: str) -> None:
    """What only the owner of all databases can do."""
    connection.execute("ALTER TABLE entries DISABLE TRIGGER append_only")
    connection.execute("UPDATE entries SET entry = replace(entry::text, %s, %s)::json", [old, new])
    connection.execute("ALTER TABLE entries ENABLE TRIGGER append_only")
