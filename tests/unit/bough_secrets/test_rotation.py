import threading
import time
from collections.abc import Callable

import pytest
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import Session, UnreachableError
from bough_secrets.database import Database
from bough_secrets.testing import Platform


def user(database: Database) -> str:
    with database.connection() as connection:
        found = connection.execute("SELECT session_user").fetchone()
    assert found
    return str(found[0])


def rotated(database: Database) -> None:
    before = database.user
    database.rotate()
    eventually(lambda: database.user != before)


@pytest.fixture
def database(platform: Platform, connect: Callable[..., Session]) -> Database:
    platform.deliver()
    return connect(drain=1.0).database("db")


def lease_left(platform: Platform, account: str) -> float:
    [left] = [until for owner, until in platform.vault.leases.values() if owner == account]
    return left - time.monotonic()


def test_a_rotation_swaps_the_account_and_cuts_the_old_lease_short(
    platform: Platform, database: Database
) -> None:
    old = user(database)
    database.rotate()
    eventually(lambda: database.user != old)
    assert user(database) == database.user
    eventually(lambda: lease_left(platform, old) <= 60)
    assert lease_left(platform, database.user) > 3000


def test_a_connection_in_use_survives_a_rotation(platform: Platform, database: Database) -> None:
    old = database.user
    with database.connection() as connection:
        database.rotate()
        eventually(lambda: database.user != old)
        assert connection.execute("SELECT session_user").fetchone() == (old,)
        assert lease_left(platform, old) > 3000
    eventually(lambda: lease_left(platform, old) <= 60)


def test_a_connection_that_stays_out_does_not_hold_the_old_account_for_ever(
    platform: Platform, database: Database
) -> None:
    old = database.user
    with database.connection():
        database.rotate()
        eventually(lambda: lease_left(platform, old) <= 60)


def test_no_request_fails_while_accounts_are_replaced(database: Database) -> None:
    stop = threading.Event()
    users: set[str] = set()
    failures: list[Exception] = []

    def load() -> None:
        while not stop.is_set():
            try:
                users.add(user(database))
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=load, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            rotated(database)
    finally:
        stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(users) >= 5


def test_an_account_revoked_from_outside_is_replaced(
    platform: Platform, database: Database
) -> None:
    old = database.user
    platform.vault.revoke(old)
    platform.postgres.terminate(old)
    assert user(database) not in ("", old)


def test_a_lease_that_vault_forgot_is_replaced(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.vault.ttl = 1
    platform.deliver()
    database = connect().database("db")
    old = database.user
    platform.vault.leases.clear()
    eventually(lambda: database.user != old)


def test_a_renewal_for_less_than_asked_leads_to_a_rotation(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.vault.ttl, platform.vault.granted = 2, 1
    platform.deliver()
    database = connect().database("db")
    old = database.user
    eventually(lambda: database.user != old)


def test_an_old_account_is_replaced_before_its_longest_life_ends(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.vault.ttl = 1
    platform.deliver()
    database = connect(max_ttl=1.0).database("db")
    old = database.user
    eventually(lambda: database.user != old)


def test_while_vault_is_sealed_the_account_stays_in_service(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.vault.ttl = 1
    platform.deliver()
    database = connect().database("db")
    old = database.user
    platform.vault.sealed = True
    database.rotate()
    time.sleep(1.2)
    assert user(database) == old
    platform.vault.sealed = False
    eventually(lambda: database.user != old)


def test_an_account_that_does_not_work_is_given_back(
    platform: Platform, connect: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.opening.TEST_TIMEOUT", 0.3)
    platform.deliver()
    session = connect()
    platform.postgres.accounts = {}
    with pytest.raises(UnreachableError, match="password authentication failed"):
        session.database("db")
    assert all(until - time.monotonic() <= 60 for _, until in platform.vault.leases.values())
