import threading
import time

import pytest
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import Session
from bough_secrets.testing import Platform
from bough_secrets.watch import following


@pytest.mark.parametrize(
    ("index", "received", "expected"),
    [
        (0, 7, 7),
        (7, 7, 7),
        (7, 9, 9),
        (9, 7, 0),  # backwards: ask anew
        (0, 0, 1),  # never zero, which would ask without a pause
    ],
)
def test_the_index_to_ask_with_next(index: int, received: int, expected: int) -> None:
    assert following(index, received) == expected


def test_a_question_is_held_and_not_repeated(platform: Platform, session: Session) -> None:
    assert dict(session.config) == {}
    eventually(lambda: len(platform.consul.held) == 4)
    time.sleep(0.5)
    assert len(platform.consul.held) == 4
    assert {request.query["wait"] for request in platform.consul.held} == {"60s"}


def test_many_watches_cost_one_thread(platform: Platform, session: Session) -> None:
    before = threading.active_count()
    for number in range(20):
        name = f"main--s{number}"
        platform.consul.services[name] = {"name": name, "address": "10.0.0.7", "port": 1}
        session.service(f"s{number}")
    eventually(lambda: len(platform.consul.held) == 20)
    own = [thread for thread in threading.enumerate() if "process_request" not in thread.name]
    assert len(own) <= before


def test_a_flood_of_changes_is_not_followed_one_by_one(
    platform: Platform, session: Session
) -> None:
    config = session.config
    asked, until = len(platform.consul.requests), time.monotonic() + 1
    number = 0
    while time.monotonic() < until:
        number += 1
        platform.consul.kv["env/main/config/a"] = str(number)
        time.sleep(0.005)
    eventually(lambda: config["a"] == str(number))
    assert len(platform.consul.requests) - asked < 20
