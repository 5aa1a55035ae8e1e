import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import psycopg
import pytest
from psycopg_pool import PoolTimeout
from tests.unit.bough_secrets.load import load, user
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import Session, UnreachableError
from bough_secrets.connections import was_refused
from bough_secrets.database import Database
from bough_secrets.testing import Platform


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


def test_the_end_of_an_old_account_is_not_put_off(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.vault.ttl = 20
    platform.deliver()
    database = connect().database("db")
    renewals: list[int] = []

    def renewed() -> list[int]:
        asked = [each for each in platform.vault.requests if each.path.endswith("leases/renew")]
        renewals[:] = [each.body["increment"] for each in asked]
        return renewals

    rotated(database)
    eventually(lambda: bool(renewed()))
    assert renewals == [20]


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
    with load(database) as under:
        for _ in range(5):
            rotated(database)
    assert under.failures == []
    assert len(under.users) >= 5


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


def test_a_long_transaction_keeps_an_old_account_that_would_end_before_it_is_drained(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.vault.ttl = 10
    platform.deliver()
    database = connect(drain=100.0).database("db")
    old = database.user
    with database.connection() as connection:
        database.rotate()
        eventually(lambda: lease_left(platform, old) > 90)
        assert connection.execute("SELECT session_user").fetchone() == (old,)
    eventually(lambda: lease_left(platform, old) <= 60)


def test_dead_connections_are_never_handed_out_however_many(
    platform: Platform, database: Database
) -> None:
    account = database.user
    for _ in range(3):
        with ExitStack() as stack:
            for _ in range(4):
                stack.enter_context(database.connection())
        platform.postgres.terminate(account)
        assert user(database) == account


def test_waiting_for_a_connection_ends_in_time(platform: Platform, database: Database) -> None:
    platform.postgres.dying = True
    platform.postgres.terminate(database.user)
    began = time.monotonic()
    with pytest.raises(PoolTimeout), database.connection(timeout=1):
        pass
    assert time.monotonic() - began < 2


def test_a_database_that_hangs_at_a_rotation_leaves_the_old_account_in_service(
    platform: Platform, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.opening.TEST_TIMEOUT", 0.3)
    old = database.user
    platform.postgres.deaf.set()
    database.rotate()
    eventually(lambda: len(platform.vault.accounts) == 2)
    assert user(database) == old
    platform.postgres.deaf.clear()
    eventually(lambda: database.user != old)
    assert user(database) == database.user


def test_a_rotation_that_ends_after_the_session_leaves_no_connection(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.deliver()
    session = connect()
    database = session.database("db")
    platform.postgres.deaf.set()
    database.rotate()
    eventually(lambda: len(platform.vault.accounts) == 2)
    database.close()
    platform.postgres.deaf.clear()
    old = database.user
    eventually(lambda: database.user != old)
    eventually(lambda: not platform.postgres.sockets)


CHILD = """
import sys, bough_secrets, threading
from pathlib import Path
vault, consul, directory = sys.argv[1:]
addresses = bough_secrets.Addresses(vault=vault, consul=consul, directory=Path(directory))
database = bough_secrets.connect(addresses, instance="web-1-abcdef").database("db")
print(database.user, flush=True)
sys.stdin.readline()
database.rotate()
threading.Event().wait()
"""


def test_a_kill_in_the_middle_of_a_swap_costs_nothing_but_an_account_that_nobody_renews(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.deliver()
    places = (platform.vault.server.address, platform.consul.server.address, platform.directory)
    command = [sys.executable, "-c", CHILD, *map(str, places)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        first = child.stdout.readline().decode().strip()
        platform.postgres.deaf.set()
        child.stdin.write(b"rotate\n")
        child.stdin.flush()
        eventually(lambda: len(platform.vault.accounts) == 2)
        child.kill()
    platform.postgres.deaf.clear()
    left = set(platform.vault.leases)

    database = connect().database("db")
    assert user(database) not in ("", first)
    assert len(platform.vault.tokens) == 1
    rotated(database)
    eventually(lambda: bool(renewed(platform)))
    assert not renewed(platform) & left


def renewed(platform: Platform) -> set[str]:
    return {
        request.body["lease_id"]
        for request in platform.vault.requests
        if request.path == "/v1/sys/leases/renew"
    }


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        (psycopg.errors.InvalidPassword("28P01"), True),
        (psycopg.errors.InvalidAuthorizationSpecification("28000"), True),
        (psycopg.errors.AdminShutdown("57P01"), False),
        (psycopg.OperationalError("the server does not answer"), False),
    ],
)
def test_only_a_rejected_account_is_suspected(
    error: psycopg.OperationalError, refused: bool
) -> None:
    assert was_refused(error) == refused
