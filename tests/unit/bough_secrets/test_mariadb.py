import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pymysql
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from tests.unit.bough_secrets.test_rotation import lease_left
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import ConfigurationError, Session, UnreachableError
from bough_secrets.mariadb import MariaDB
from bough_secrets.testing import Platform

WHO = text("SELECT CURRENT_USER()")


@pytest.fixture
def session(platform: Platform, connect: Callable[..., Session]) -> Session:
    platform.deliver()
    return connect(drain=1.0)


@pytest.fixture
def engine(session: Session) -> Engine:
    return session.engine("shop")


def user(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(WHO).scalar_one())


def account(session: Session) -> str:
    return str(session.status()["databases"]["shop"]["user"])


def rotated(session: Session) -> None:
    before = account(session)
    session.rotate()
    eventually(lambda: account(session) != before)


@dataclass
class Load:
    users: set[str] = field(default_factory=set)
    failures: list[Exception] = field(default_factory=list)


@contextmanager
def load(engine: Engine) -> Iterator[Load]:
    """Six threads that send one request after another through four connections."""
    stop, load = threading.Event(), Load()

    def work() -> None:
        while not stop.is_set():
            try:
                load.users.add(user(engine))
            except Exception as error:
                load.failures.append(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_an_engine_connects_as_the_account_of_the_moment(session: Session, engine: Engine) -> None:
    assert user(engine) == account(session)
    rotated(session)
    assert user(engine) == account(session)
    assert session.engine("shop") is engine


def test_connections_are_used_again(platform: Platform, engine: Engine) -> None:
    for _ in range(10):
        user(engine)
    assert len(platform.mariadb.sockets) == 1


def test_a_rotation_leaves_no_connection_of_the_old_account(
    platform: Platform, session: Session, engine: Engine
) -> None:
    old = user(engine)
    with engine.connect() as connection:
        rotated(session)
        assert connection.execute(WHO).scalar_one() == old
        assert lease_left(platform, old) > 3000
    eventually(lambda: old not in platform.mariadb.sockets.values())
    eventually(lambda: lease_left(platform, old) <= 60)
    assert lease_left(platform, account(session)) > 3000


def test_an_idle_connection_goes_with_its_account(
    platform: Platform, session: Session, engine: Engine
) -> None:
    user(engine)
    rotated(session)
    eventually(lambda: not platform.mariadb.sockets)


def test_no_request_fails_while_accounts_are_replaced(session: Session, engine: Engine) -> None:
    with load(engine) as under:
        for _ in range(5):
            rotated(session)
            eventually(lambda: account(session) in under.users)
    assert under.failures == []


def test_no_request_fails_when_an_account_is_revoked_from_outside(
    platform: Platform, engine: Engine
) -> None:
    old = user(engine)
    platform.vault.revoke(old)
    platform.mariadb.terminate(old)
    assert user(engine) not in ("", old)


def test_dead_connections_are_never_handed_out(platform: Platform, engine: Engine) -> None:
    held = [engine.connect() for _ in range(4)]
    for connection in held:
        connection.close()
    platform.mariadb.terminate(user(engine))
    assert user(engine)


def test_a_connection_that_is_thrown_away_counts_no_longer(session: Session) -> None:
    engine, database = session.engine("shop"), session._mariadbs["shop"].held
    with engine.connect() as connection:
        assert database.generation.out == 1
        connection.invalidate()
    assert database.generation.out == 0
    assert user(engine) == database.user


def test_when_none_is_free_waiting_ends(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bough_secrets.mariadb_engine.TIMEOUT", 0.1)
    engine = session.engine("shop", max_size=1)
    with engine.connect(), pytest.raises(TimeoutError):
        engine.connect()


def test_a_database_that_does_not_answer_is_waited_for_for_a_while(
    platform: Platform, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MariaDB.connect, "__defaults__", (0.3,))
    platform.mariadb.close()
    began = time.monotonic()
    with pytest.raises(OperationalError, match="Can't connect"):
        engine.connect()
    assert 0.3 <= time.monotonic() - began < 2


def test_a_database_that_hangs_at_a_rotation_leaves_the_old_account_in_service(
    platform: Platform, session: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.mariadb.CONNECT_TIMEOUT", 0.3)
    old = user(engine)
    platform.mariadb.deaf.set()
    session.rotate()
    eventually(lambda: len(platform.vault.accounts) == 2)
    assert user(engine) == old
    platform.mariadb.deaf.clear()
    eventually(lambda: account(session) != old)
    assert user(engine) == account(session)


def test_an_account_that_does_not_work_is_given_back(platform: Platform, session: Session) -> None:
    platform.mariadb.accounts = {}
    with pytest.raises(UnreachableError, match="Access denied"):
        session.engine("shop")
    assert all(until - time.monotonic() <= 60 for _, until in platform.vault.leases.values())


def test_a_closed_session_opens_nothing(session: Session, engine: Engine) -> None:
    user(engine)
    session.close()
    with pytest.raises(InterfaceError, match="the session is closed"):
        engine.connect()


def test_no_password_is_logged(
    platform: Platform, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        user(session.engine("shop", echo=True))
    assert "SELECT CURRENT_USER()" in caplog.text
    assert not any(password in caplog.text for password in platform.vault.accounts.values())


def test_another_program_connects_with_the_account(platform: Platform, session: Session) -> None:
    told: list[str] = []
    lending = session.account("shop", lambda: told.append(lending.access.user))
    access = old = lending.access
    assert access.url.reveal().startswith(f"mysql://{access.user}:")
    lending.rotate()
    eventually(lambda: told == [lending.access.user])
    for access in (old, lending.access):
        with pymysql.connect(
            host=access.host, port=access.port, user=access.user,
            password=access.password.reveal(), database=access.database, ssl_disabled=True,
        ) as connection:  # fmt: skip
            assert connection.open
    eventually(lambda: lease_left(platform, old.user) <= 60)


@pytest.mark.parametrize(
    ("asked", "use"),
    [
        (lambda session: session.database("shop"), "Use session.engine"),
        (lambda session: session.engine("jobs"), "Use session.queue"),
    ],
)
def test_another_kind_of_need(
    session: Session, asked: Callable[[Session], object], use: str
) -> None:
    with pytest.raises(ConfigurationError, match=use):
        asked(session)
