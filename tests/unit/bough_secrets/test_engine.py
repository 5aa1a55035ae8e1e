import gc
import logging
import threading

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from tests.unit.bough_secrets.test_rotation import rotated
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import Session
from bough_secrets.database import Database
from bough_secrets.testing import Platform

WHO = text("SELECT session_user")


def user(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(WHO).scalar_one())


def test_an_engine_connects_as_the_account_of_the_moment(session: Session) -> None:
    engine, database = session.engine("db"), session.database("db")
    assert user(engine) == database.user
    rotated(database)
    assert user(engine) == database.user


def test_connections_are_used_again(platform: Platform, session: Session) -> None:
    engine = session.engine("db")
    for _ in range(10):
        user(engine)
    assert len(platform.postgres.sockets) == 1


def test_a_connection_in_use_counts(session: Session) -> None:
    engine, database = session.engine("db", max_size=1), session.database("db")
    with engine.connect():
        assert database.generation.out == 1
        rotated(database)
        assert database.generation.out == 0
    with engine.connect() as connection:
        assert database.generation.out == 1
        connection.invalidate()
    assert database.generation.out == 0
    assert user(engine) == database.user


def test_no_request_fails_while_accounts_are_replaced(session: Session) -> None:
    engine, database = session.engine("db"), session.database("db")
    stop = threading.Event()
    users: set[str] = set()
    failures: list[Exception] = []

    def load() -> None:
        while not stop.is_set():
            try:
                users.add(user(engine))
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


def test_an_account_revoked_from_outside_is_replaced(platform: Platform, session: Session) -> None:
    engine = session.engine("db")
    old = user(engine)
    platform.vault.revoke(old)
    platform.postgres.terminate(old)
    assert user(engine) not in ("", old)


def test_when_none_is_free_the_error_is_sqlalchemy_s(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = session.engine("db")
    held: list[Connection] = [engine.connect() for _ in range(4)]
    monkeypatch.setattr(Database.borrow, "__defaults__", (0.05,))
    with pytest.raises(OperationalError, match="couldn't get a connection"):
        engine.connect()
    for connection in held:
        connection.close()
    monkeypatch.undo()
    assert user(engine)


def test_a_notice_is_logged_once_however_often_a_connection_is_used(session: Session) -> None:
    engine = session.engine("db", max_size=1)
    for _ in range(5):
        user(engine)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver
        assert len(driver._notice_handlers) == 1


def test_no_password_is_logged(
    platform: Platform, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        user(session.engine("db", echo=True))
    assert "SELECT session_user" in caplog.text
    assert not any(password in caplog.text for password in platform.vault.accounts.values())


def test_what_is_left_open_is_given_back_when_it_is_forgotten(session: Session) -> None:
    engine, generation = session.engine("db"), session.database("db").generation
    connection: Connection | None = engine.connect()
    assert generation.out == 1
    del connection
    gc.collect()
    eventually(lambda: generation.out == 0)
