from collections.abc import Callable

import pytest
from tests.unit.bough_secrets.run.running import eventually

from bough_secrets import Session
from bough_secrets.run.answers import Answers, NobodyHealthyError
from bough_secrets.testing import Platform


@pytest.fixture
def ask(session: Session) -> Callable[[], Answers]:
    return lambda: Answers(session, lambda: None)


def add(platform: Platform, number: int) -> None:
    entry = {"name": "main--search", "address": f"10.0.0.{number}", "port": 9200}
    platform.consul.services[f"main--search-{number}"] = entry


def test_a_neighbour_stays_the_same_while_it_is_healthy(
    platform: Platform, ask: Callable[[], Answers]
) -> None:
    for number in range(1, 6):
        add(platform, number)
    chosen = ask().service("search")
    assert {ask().service("search") for _ in range(20)} == {chosen}
    others = [number for number in range(1, 6) if not chosen.host.endswith(str(number))]
    platform.consul.critical.add(f"main--search-{others[0]}")
    eventually(lambda: len(ask().services("search")) == 4, "one is ill")
    assert ask().service("search") == chosen
    platform.consul.critical.add(f"main--search-{chosen.host[-1]}")
    eventually(lambda: len(ask().services("search")) == 3, "two are ill")
    assert ask().service("search") != chosen


def test_nobody_healthy_is_told_apart(ask: Callable[[], Answers]) -> None:
    assert ask().services("search") == []
    with pytest.raises(NobodyHealthyError, match="'search' is healthy in 'main'"):
        ask().service("search")


def test_one_reading_says_the_same_twice(platform: Platform, ask: Callable[[], Answers]) -> None:
    path = "env/main/kv/data/secrets/smtp"
    platform.vault.kv[path] = {"password": "one"}
    reading = ask()
    assert reading.secret("smtp")["password"] == "one"
    platform.vault.kv[path] = {"password": "two"}
    assert reading.secret("smtp")["password"] == "one"
    assert ask().secret("smtp")["password"] == "two"


@pytest.mark.parametrize(("kind", "need"), [("database", "db"), ("queue", "jobs")])
def test_what_was_lent_shows_no_password(
    platform: Platform, ask: Callable[[], Answers], kind: str, need: str
) -> None:
    shown = repr(getattr(ask(), kind)(need))
    [(user, password)] = platform.vault.accounts.items()
    assert user in shown
    assert password not in shown
