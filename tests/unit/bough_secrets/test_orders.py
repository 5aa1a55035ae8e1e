from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import Session
from bough_secrets.testing import Platform

KEY = "env/main/rotation"


def followed(platform: Platform) -> bool:
    return any(request.path.endswith(KEY) for request in platform.consul.held)


def test_an_order_replaces_every_account(platform: Platform, session: Session) -> None:
    database = session.database("db")
    first = database.user
    eventually(lambda: followed(platform))
    platform.consul.kv[KEY] = '{"id": "1"}'
    eventually(lambda: database.user != first)
    second = database.user
    eventually(lambda: followed(platform))
    platform.consul.kv[KEY] = '{"id": "2"}'
    eventually(lambda: database.user != second)


def test_an_order_from_before_is_none(platform: Platform, session: Session) -> None:
    platform.consul.kv[KEY] = '{"id": "1"}'
    database = session.database("db")
    first = database.user
    eventually(lambda: followed(platform))
    assert database.user == first
    assert session.status()["databases"]["db"]["rotations"] == 0


def test_who_has_no_account_follows_none(platform: Platform, session: Session) -> None:
    assert dict(session.config) == {}
    eventually(lambda: len(platform.consul.held) == 4)
    assert not followed(platform)
