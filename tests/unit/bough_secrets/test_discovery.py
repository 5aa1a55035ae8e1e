import logging

import pytest

from bough_secrets import Address, MissingError, Session, UnreachableError
from bough_secrets.testing import Platform

SEARCH = {"name": "main--search", "address": "10.0.0.7", "port": 9200}


def test_finds_a_healthy_instance(platform: Platform, session: Session) -> None:
    platform.consul.services["main--search-1"] = SEARCH
    assert session.service("search") == Address("10.0.0.7", 9200)
    assert str(session.service("search")) == "10.0.0.7:9200"


def test_an_instance_in_bad_health_is_not_offered(platform: Platform, session: Session) -> None:
    platform.consul.services["main--search-1"] = SEARCH
    platform.consul.critical.add("main--search-1")
    with pytest.raises(MissingError, match="'search' is healthy in 'main'"):
        session.service("search")


def test_the_last_good_answer_outlives_consul(
    platform: Platform, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    platform.consul.services["main--search-1"] = SEARCH
    session.service("search")
    platform.consul.away = True
    with caplog.at_level(logging.WARNING):
        assert session.service("search").host == "10.0.0.7"
    assert "addresses of search are 0 s old" in caplog.text
    with pytest.raises(UnreachableError):
        session.service("never-seen")


def test_all_healthy_instances_are_listed_in_order(platform: Platform, session: Session) -> None:
    assert session.services("nobody") == []
    for number in (2, 1, 3):
        entry = SEARCH | {"address": f"10.0.0.{number}"}
        platform.consul.services[f"main--search-{number}"] = entry
    platform.consul.critical.add("main--search-3")
    assert session.services("search") == [Address("10.0.0.1", 9200), Address("10.0.0.2", 9200)]
