"""What a session tells about itself: status, metrics, events."""

import asyncio
import json
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import Session, metrics
from bough_secrets.aio import AsyncSession
from bough_secrets.events import EVENTS, tell
from bough_secrets.lease import SKEW
from bough_secrets.testing import Platform

Connect = Callable[..., Session]


def scraped(session: Session | AsyncSession) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(metrics.collector(session))
    lines = generate_latest(registry).decode().splitlines()
    samples = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in samples}


def test_survivable_is_what_is_left_of_the_shortest_lease(
    platform: Platform, connect: Connect
) -> None:
    platform.deliver()
    session = connect()
    assert 3500 < session.survivable() <= 3600 - SKEW
    platform.vault.ttl = 600
    session.database("db")
    assert 500 < session.survivable() <= 600 - SKEW
    session.close()
    assert session.survivable() == 0


def test_survivable_shrinks_while_vault_is_away(platform: Platform, connect: Connect) -> None:
    platform.vault.ttl = 5
    platform.deliver()
    session = connect()
    platform.vault.sealed = True
    before = session.survivable()
    eventually(lambda: session.survivable() < before - 0.5)
    eventually(lambda: session.survivable() == 0)
    assert session.valid


def test_status_is_plain_data_that_counts(platform: Platform, connect: Connect) -> None:
    platform.vault.kv["env/main/kv/data/secrets/smtp"] = {"value": "hunter2"}
    platform.deliver()
    session = connect()
    database = session.database("db")
    session.secret("smtp")
    old = database.user
    database.rotate()
    eventually(lambda: database.user != old)
    platform.vault.sealed = True
    database.rotate()
    eventually(lambda: session.status()["databases"]["db"]["failures"] > 0)
    status = json.loads(json.dumps(session.status()))
    assert (status["environment"], status["service"], status["valid"]) == ("main", "web", True)
    db = status["databases"]["db"]
    assert (db["user"], db["rotations"], db["last_error"]) == (database.user, 1, "UnreachableError")
    assert 0 <= db["age"] < 60
    assert status["secrets"]["smtp"]["version"] == 1
    assert 0 <= status["secrets"]["smtp"]["age"] < 60
    assert status["token"]["relogins"] == 0
    assert "hunter2" not in str(status)


def test_metrics_say_what_the_status_says(platform: Platform, connect: Connect) -> None:
    platform.vault.kv["env/main/kv/data/secrets/smtp"] = {"value": "hunter2"}
    platform.deliver()
    session = connect()
    database = session.database("db")
    session.secret("smtp")
    database.rotate()
    eventually(lambda: scraped(session)['bough_database_rotations_total{need="db"}'] == 1)
    platform.vault.sealed = True
    database.rotate()
    error = 'bough_last_error{kind="UnreachableError",of="database/db"}'
    eventually(lambda: error in scraped(session))
    found = scraped(session)
    assert found["bough_session_valid"] == 1
    assert 3500 < found["bough_survivable_seconds"] < 3600
    assert 0 <= found["bough_token_age_seconds"] < 60
    assert found["bough_token_relogins_total"] == 0
    assert found['bough_database_failures_total{need="db"}'] >= 1
    assert 0 <= found['bough_database_account_age_seconds{need="db"}'] < 60
    assert found['bough_secret_version{secret="smtp"}'] == 1
    session.close()
    assert scraped(session)["bough_session_valid"] == 0


def test_a_queue_s_account_is_measured_like_a_database_s(
    platform: Platform, connect: Connect
) -> None:
    platform.deliver()
    session = connect()
    jobs = session.queue("jobs")
    assert scraped(session)['bough_queue_rotations_total{need="jobs"}'] == 0
    jobs.rotate()
    eventually(lambda: scraped(session)['bough_queue_rotations_total{need="jobs"}'] == 1)
    platform.vault.sealed = True
    jobs.rotate()
    error = 'bough_last_error{kind="UnreachableError",of="queue/jobs"}'
    eventually(lambda: error in scraped(session))
    found = scraped(session)
    assert found['bough_queue_failures_total{need="jobs"}'] >= 1
    assert 0 <= found['bough_queue_account_age_seconds{need="jobs"}'] < 60
    assert 3500 < found['bough_queue_account_remaining_seconds{need="jobs"}'] < 3600


def test_an_asyncio_session_is_measured_too(platform: Platform, connect: Connect) -> None:
    platform.deliver()
    session = connect()
    session.queue("jobs")

    async def main() -> dict[str, float]:
        return scraped(AsyncSession(session))

    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(lambda: asyncio.run(main())).result()
    assert 'bough_queue_rotations_total{need="jobs"}' in found
    assert found["bough_session_valid"] == 1


def test_a_rotation_is_one_record_with_fields(
    platform: Platform, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    platform.deliver()
    database = connect().database("db")
    old = database.user
    with caplog.at_level(logging.INFO, "bough_secrets"):
        database.rotate()
        eventually(lambda: any("event" in vars(record) for record in caplog.records))
    [rotated, *_] = [vars(record) for record in caplog.records if record.name == "bough_secrets"]
    assert rotated["event"] == "account.rotated"
    assert (rotated["need"], rotated["old"], rotated["new"]) == ("db", old, database.user)
    assert rotated["seconds"] > 0
    assert rotated["reason"] == "the application asked for it"
    assert f"account {old} replaced by {database.user}" in rotated["message"]


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_can_be_told_from_its_fields(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    fields = dict.fromkeys(re.findall(r"%\((\w+)\)", EVENTS[name].text), 1)
    error = ValueError("why") if fields.pop("error", None) else None
    with caplog.at_level(logging.INFO, "bough_secrets"):
        tell(name, error, **fields)
    [record] = caplog.records
    assert vars(record)["event"] == name
    assert record.pathname == __file__
    assert vars(record).get("kind") == ("ValueError" if error else None)


def test_the_documentation_lists_every_event_with_its_fields() -> None:
    page = Path(__file__).parents[3] / "docs/events.md"
    listed = {}
    for line in page.read_text().splitlines():
        if row := re.match(r"\| `([a-z.-]+)` \| (\w+) \| (.*?) \|", line):
            listed[row[1]] = (row[2], set(re.findall(r"`(\w+)`", row[3])))
    assert listed == {
        name: (logging.getLevelName(event.level), set(re.findall(r"%\((\w+)\)", event.text)))
        for name, event in EVENTS.items()
    }


def test_every_event_is_told_somewhere_and_none_otherwise() -> None:
    sources = Path(__file__).parents[3] / "secrets/bough_secrets"
    told = {
        name
        for file in sources.glob("*.py")
        for name in re.findall(r'\btell\("([a-z.-]+)"', file.read_text())
    }
    assert told == set(EVENTS)
