import logging
from collections import Counter

import pytest
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import Address, MissingError, Session, UnreachableError
from bough_secrets.discovery import choice
from bough_secrets.testing import Platform

SEARCH = {"name": "main--search", "address": "10.0.0.7", "port": 9200}
ONE, TWO, THREE = (Address(f"10.0.0.{number}", 80) for number in (1, 2, 3))


def test_finds_a_healthy_instance(platform: Platform, session: Session) -> None:
    platform.consul.services["main--search-1"] = SEARCH
    assert session.service("search") == Address("10.0.0.7", 9200)
    assert str(session.service("search")) == "10.0.0.7:9200"


def test_an_instance_in_bad_health_is_not_offered(platform: Platform, session: Session) -> None:
    platform.consul.services["main--search-1"] = SEARCH
    platform.consul.critical.add("main--search-1")
    with pytest.raises(MissingError, match="'search' is healthy in 'main'"):
        session.service("search")


def test_after_the_first_call_consul_is_not_asked(platform: Platform, session: Session) -> None:
    platform.consul.services["main--search-1"] = SEARCH
    session.service("search")
    eventually(lambda: len(platform.consul.requests) == 2)
    for _ in range(100):
        session.service("search")
    assert len(platform.consul.requests) == 2


def test_instances_come_and_go(platform: Platform, session: Session) -> None:
    platform.consul.services["main--search-1"] = SEARCH
    session.service("search")
    platform.consul.services["main--search-2"] = {**SEARCH, "address": "10.0.0.8"}
    eventually(lambda: session.service("search").host == "10.0.0.8")
    platform.consul.critical.add("main--search-2")
    eventually(lambda: {session.service("search").host for _ in range(4)} == {"10.0.0.7"})


def test_instances_take_turns(platform: Platform, session: Session) -> None:
    for number in (1, 2, 3):
        entry = {**SEARCH, "address": f"10.0.0.{number}"}
        platform.consul.services[f"main--search-{number}"] = entry
    found = Counter(session.service("search").host for _ in range(30))
    assert found == {"10.0.0.1": 10, "10.0.0.2": 10, "10.0.0.3": 10}


def test_an_instance_that_failed_is_passed_over(platform: Platform, session: Session) -> None:
    for number in (1, 2):
        entry = {**SEARCH, "address": f"10.0.0.{number}"}
        platform.consul.services[f"main--search-{number}"] = entry
    failed = session.service("search")
    assert failed not in {session.service("search", avoid=[failed]) for _ in range(4)}


@pytest.mark.parametrize(
    ("avoid", "turn", "expected"),
    [
        ([], 0, ONE), ([], 1, TWO), ([], 3, ONE),
        ([ONE], 0, TWO), ([ONE], 2, TWO), ([ONE, THREE], 5, TWO),
        ([ONE, TWO, THREE], 1, TWO),
    ],
)  # fmt: skip
def test_whose_turn_it_is(avoid: list[Address], turn: int, expected: Address) -> None:
    assert choice([ONE, TWO, THREE], avoid, turn) == expected


def test_the_last_good_answer_outlives_consul(
    platform: Platform, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    platform.consul.services["main--search-1"] = SEARCH
    session.service("search")
    with caplog.at_level(logging.WARNING):
        platform.consul.away = True
        eventually(lambda: "the addresses of search are 0 s old and stand" in caplog.text)
    assert session.service("search").host == "10.0.0.7"
    with pytest.raises(UnreachableError):
        session.service("never-seen")


def test_all_healthy_instances_are_listed_in_order(platform: Platform, session: Session) -> None:
    assert session.services("nobody") == []
    for number in (2, 1, 3):
        entry = SEARCH | {"address": f"10.0.0.{number}"}
        platform.consul.services[f"main--search-{number}"] = entry
    platform.consul.critical.add("main--search-3")
    assert session.services("search") == [Address("10.0.0.1", 9200), Address("10.0.0.2", 9200)]
