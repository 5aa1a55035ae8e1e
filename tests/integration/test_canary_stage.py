"""A release beside another in a stage: a story in order, on one platform."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
import requests
from tests.support import witness
from tests.support.applications import Application
from tests.support.fixtures import own_platform
from tests.support.platforms import BOUGH
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform

SLUG = "sample-production"
PINNED = {"X-Bough-Canary": "always"}
COOKIE = "bough-canary"
STAGES = """
gates:
  answers:
    kind: integration
    service: web
    command: [python, judge.py]
stages:
  production:
    gates: [answers]
    replicas: {web: 2, worker: 2}
"""
JUDGE = """
import sys
from pathlib import Path
answer = Path("answer.txt").read_text()
print("asked of", answer)
sys.exit("wrong" in answer)
"""


platform = own_platform


@pytest.fixture(scope="module")
def sample(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Application:
    made = Application.create(tmp_path_factory.mktemp("tried") / "checkout", platform)
    (made.folder / "judge.py").write_text(JUDGE)
    file = made.folder / "bough.yaml"
    file.write_text(file.read_text() + STAGES)
    made.commit("stages")
    made.up()
    platform.bough("promote", "production").ended()
    return made


def ask(platform: Platform, **headers: str) -> requests.Response:
    return requests.get(
        f"http://127.0.0.1:{platform.port}/state",
        headers={"Host": f"{SLUG}.localhost", **headers},
        timeout=20,
    )


def answers(platform: Platform, count: int, **headers: str) -> Counter[str]:
    return Counter(ask(platform, **headers).json()["answer"] for _ in range(count))


def images(platform: Platform) -> Counter[tuple[str, str]]:
    """How many running containers there are of each service and image."""
    found = witness.inspect(*witness.containers(platform, SLUG))
    return Counter(
        (each["Name"].rpartition(".")[2].split("-")[0], each["Config"]["Image"][-12:])
        for each in found
    )


def newest(platform: Platform) -> str:
    release: str = platform.json("release", "list")[0]["release"]
    return release


def events(platform: Platform, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = platform.json("log", "--event", kind)
    return found


@contextmanager
def visited(platform: Platform) -> Iterator[list[int]]:
    """Two visitors ask all the time; the statuses that they saw."""
    over = Event()
    seen: list[int] = []

    def visit() -> None:
        while not over.is_set():
            seen.append(ask(platform).status_code)

    with ThreadPoolExecutor(2) as pool:
        visits = [pool.submit(visit) for _ in range(2)]
        try:
            yield seen
        finally:
            over.set()
        for each in visits:
            each.result()


def test_tested_before_any_client_and_found_by_its_header(
    platform: Platform, sample: Application
) -> None:
    before = images(platform)
    sample.write(answer="two")
    sample.up()
    with visited(platform) as seen:
        done = platform.json("canary", "start", "production", "--share", "0")
    assert set(seen) == {200}
    release = newest(platform)
    assert done["canary"] == {"release": release, "instances": 1, "share": 0}
    assert answers(platform, 20) == {"one": 20}
    assert answers(platform, 5, **PINNED) == {"two": 5}
    # one of two of each service, workers too: of exactly two releases
    assert set(images(platform).values()) == {1}
    assert len(images(platform)) == 2 * len(before) == 4
    (gate,) = [each for each in events(platform, "gate") if each["release"] == release]
    assert (gate["verdict"], gate["stage"]) == ("PASS", "production")
    assert "production (canary, 0 %)" in platform.bough("pipeline").ended().stdout
    assert f"release {release[:12]} (1 instance" in platform.bough("show", SLUG).ended().stdout


def test_a_share_of_clients_who_stay_where_they_are(platform: Platform) -> None:
    platform.bough("canary", "share", "production", "50").ended()
    found = Counter[str]()
    for _ in range(40):
        first = ask(platform)
        answer, cookie = first.json()["answer"], f"{COOKIE}={first.cookies[COOKIE]}"
        assert answers(platform, 3, Cookie=cookie) == {answer: 3}
        found[answer] += 1
    # six standard deviations are 19 of 40
    assert set(found) == {"one", "two"}
    assert ask(platform, Cookie="theirs=1").ok


def test_plain_pulumi_brings_exactly_that_back(platform: Platform, sample: Application) -> None:
    before = images(platform)
    witness.docker("rm", "-f", *witness.containers(platform, SLUG))
    sample.bough("init").ended()
    up = 'eval "$("$0" env)" && exec pulumi up --yes --skip-preview --non-interactive -s "$1"'
    platform.run("sh", "-c", up, str(BOUGH), SLUG, cwd=sample.folder).ended()
    assert images(platform) == before
    assert answers(platform, 5, **PINNED) == {"two": 5}
    assert set(answers(platform, 40)) == {"one", "two"}


def test_back_to_the_old_release_at_once_and_nothing_fails(platform: Platform) -> None:
    with visited(platform) as seen, platform.started("canary", "stop", "production") as stopping:
        until(lambda: set(answers(platform, 12)) == {"one"}, 5, "no client has it any more")
        assert answers(platform, 40) == {"one": 40}
        stopping.finish().ended()
    assert set(seen) == {200}
    assert answers(platform, 3, **PINNED) == {"one": 3}
    assert set(images(platform).values()) == {2}
    (ended,) = events(platform, "canary ended")
    assert (ended["result"], ended["instances"], ended["share"]) == ("stopped", 1, 50)
    platform.bough("canary", "stop", "production").failed_saying("no canary runs in stage")


def test_one_that_fails_its_gate_is_taken_back(platform: Platform, sample: Application) -> None:
    sample.write(answer="wrong")
    sample.up()
    platform.bough("canary", "start", "production").failed_saying(
        "was taken back from production before any client came to it", "answers: FAIL"
    )
    assert set(answers(platform, 10)) == {"one"}
    assert set(images(platform).values()) == {2}
    assert events(platform, "canary ended")[-1]["result"] == "failed"


def test_one_that_does_not_start_there_changes_nothing(
    platform: Platform, sample: Application
) -> None:
    late = 'BEHAVIOUR == "dies" or (ANSWER == "late" and "prod" in os.environ["BOUGH_ENVIRONMENT"])'
    sample.edit("web.py", 'BEHAVIOUR == "dies"', late)
    sample.write(answer="late")
    sample.up()
    with visited(platform) as seen:
        platform.bough("canary", "start", "production").failed_saying("it was told to die")
    assert set(seen) == {200}
    assert set(answers(platform, 10)) == {"one"}
    assert set(images(platform).values()) == {2}
    assert "the canary failed" in platform.bough("pipeline").ended().stdout


def test_more_than_can_be_taken_out_is_refused(platform: Platform) -> None:
    platform.bough("canary", "start", "production", "--instances", "2").failed_saying(
        "has 2 of web, of which at least one stays"
    )


def test_a_promotion_ends_it_by_serving_it_everywhere(
    platform: Platform, sample: Application
) -> None:
    sample.write(answer="four")
    sample.up()
    release = newest(platform)
    platform.bough("canary", "start", "production", release, "--share", "100").ended()
    assert answers(platform, 10) == {"four": 10}
    pinned = ask(platform, **PINNED).json()["instance"]
    with visited(platform) as seen:
        platform.bough("promote", "production", release).ended()
    assert set(seen) == {200}
    assert answers(platform, 10) == {"four": 10}
    assert set(images(platform).values()) == {2}
    # what served as a canary goes on serving
    found = {ask(platform).json()["instance"] for _ in range(20)}
    assert pinned in found
    assert len(found) == 2
    assert events(platform, "canary ended")[-1]["result"] == "promoted"
    platform.bough("canary", "start", "production").failed_saying("serves it already")
    assert "the ledger is whole" in platform.bough("log", "--verify").ended().stdout
