import time
from collections.abc import Callable

import psycopg
import pytest
from amqpstorm.uri_connection import UriConnection

from bough_secrets import ConfigurationError, Sensitive, Session, UnreachableError
from bough_secrets.lending import Access, Lending
from bough_secrets.testing import Platform


def user(lending: Lending) -> str:
    with psycopg.connect(lending.access.url.reveal()) as connection:
        found = connection.execute("SELECT session_user").fetchone()
    assert found
    return str(found[0])


def eventually(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def lease_left(platform: Platform, account: str) -> float:
    [left] = [until for owner, until in platform.vault.leases.values() if owner == account]
    return left - time.monotonic()


def test_an_account_works_for_who_opens_connections_with_it(session: Session) -> None:
    lending = session.account("db")
    assert user(lending) == lending.access.user
    assert session.account("db") is lending


def test_a_rotation_is_told_and_the_account_before_lasts_for_a_while(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.deliver()
    told: list[str] = []
    lending = connect(drain=1.0).account("db", lambda: told.append(lending.access.user))
    old = lending.access.user
    lending.rotate()
    eventually(lambda: lending.access.user != old)
    assert user(lending) == lending.access.user
    eventually(lambda: told == [lending.access.user])
    assert lease_left(platform, old) > 3000
    eventually(lambda: lease_left(platform, old) <= 60)
    assert lease_left(platform, lending.access.user) > 3000


def test_an_account_that_does_not_work_is_never_lent(
    platform: Platform, connect: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.opening.TEST_TIMEOUT", 0.3)
    platform.deliver()
    session = connect()
    platform.postgres.accounts = {}
    with pytest.raises(UnreachableError, match="password authentication failed"):
        session.account("db")
    assert all(until - time.monotonic() <= 60 for _, until in platform.vault.leases.values())


def test_the_url_is_not_printed(session: Session) -> None:
    access = session.account("db").access
    password = access.password.reveal()
    assert password in access.url.reveal()
    assert password not in f"{access} {access.url} {vars(access)}"


def test_a_special_character_is_escaped_in_the_url() -> None:
    access = Access("postgresql", "u@x", Sensitive("p/w:?"), "h", 5432, "d b")
    assert access.url.reveal() == "postgresql://u%40x:p%2Fw%3A%3F@h:5432/d%20b"


def works(lending: Lending) -> bool:
    """Whether another program that has the URL can log in."""
    with UriConnection(lending.access.url.reveal()) as connection:
        return bool(connection.is_open)


def test_a_queue_s_account_is_lent_and_replaced_in_the_same_way(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.deliver()
    session = connect(drain=1.0)
    told: list[str] = []
    lending = session.queue_account("jobs", lambda: told.append(lending.access.user))
    assert session.queue_account("jobs") is lending
    old = lending.access
    assert (old.scheme, old.port, old.database) == ("amqp", platform.rabbitmq.port, "app")
    assert works(lending)
    lending.rotate()
    eventually(lambda: told == [lending.access.user])
    assert lending.access.user != old.user
    assert works(lending)
    assert lease_left(platform, old.user) > 3000
    eventually(lambda: lease_left(platform, old.user) <= 60)


def test_a_queue_s_account_that_was_taken_away_is_replaced(
    platform: Platform, connect: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.lending.PROBE", 0.2)
    platform.deliver()
    lending = connect().queue_account("jobs")
    old = lending.access.user
    platform.vault.revoke(old)
    platform.rabbitmq.terminate(old)
    eventually(lambda: lending.access.user != old)
    assert works(lending)


def test_a_need_of_another_kind_is_never_lent(session: Session) -> None:
    session.queue_account("jobs")
    with pytest.raises(ConfigurationError, match=r"Use session\.queue"):
        session.account("jobs")
    with pytest.raises(ConfigurationError, match=r"Use session\.database"):
        session.queue_account("db")
