"""Releases by `bough up` under mixed traffic, and instances that fail, as their users see it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.edges import SERVING, failures, traffic
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(400, func_only=True)
RELEASES = 5


class Environment:
    """An environment of the application that serves mixed traffic."""

    def __init__(self, application: Application, slug: str) -> None:
        self.application, self.slug = application, slug
        self.platform = application.platform

    @property
    def host(self) -> str:
        return f"{self.slug}.localhost"

    def release(self, name: str) -> None:
        self.application.write(release=name)
        self.application.up()

    def answer(self) -> str:
        return self.platform.ask(self.slug, "/").text

    def instances(self) -> list[str]:
        return witness.containers(self.platform, self.slug)

    def started(self) -> list[Any]:
        return [each["State"]["StartedAt"] for each in witness.inspect(*self.instances())]

    def inside(self, code: str) -> None:
        """Run Python in one instance."""
        witness.docker("exec", self.instances()[0], "python", "-c", code)


def created(platform: Platform, folder: Any, branch: str, *edits: tuple[str, str]) -> Environment:
    application = Application.create(folder / "checkout", platform, SERVING.parent)
    for old, new in edits:
        application.edit("bough.yaml", old, new)
    application.write(release="first")
    slug = application.branch(branch)
    application.up()
    return Environment(application, slug)


def destroyed(environment: Environment) -> None:
    environment.platform.bough("destroy", environment.slug).ended()
    assert witness.left_of(environment.platform, environment.slug) == []


SHORT = ("port: 8000\n", "port: 8000\n    start_timeout: 10\n    stop_timeout: 3\n")


@pytest.fixture(scope="module")
def single(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """One instance, exchanged all at once."""
    made = created(platform, tmp_path_factory.mktemp("single"), "single", SHORT)
    yield made
    destroyed(made)


@pytest.fixture(scope="module")
def pair(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """Two instances, exchanged one by one."""
    one_by_one = ("rollout:\n", "rollout:\n  strategy: one-by-one\n")
    replicas = ("memory: 128M", "memory: 128M\n    replicas: 2")
    folder = tmp_path_factory.mktemp("pair")
    made = created(platform, folder, "pair", SHORT, one_by_one, replicas)
    yield made
    destroyed(made)


def test_no_release_drops_a_request(single: Environment) -> None:
    with traffic(single.platform.port, single.host) as found:
        for number in range(RELEASES):
            single.release(str(number))
            assert single.answer() == str(number)
    assert failures(found) == {}
    assert all(len(facts["times"]) > 10 for facts in found.values())
    assert len(single.instances()) == 1


def test_one_by_one(pair: Environment) -> None:
    before = set(pair.instances())
    seen: list[set[str]] = []
    with traffic(pair.platform.port, pair.host) as found:
        pair.application.write(release="second")
        with pair.platform.started("up", cwd=pair.application.folder) as running:
            while not running.ended:
                seen.append(set(pair.instances()))
            running.finish().ended()
    assert failures(found) == {}
    assert max(map(len, seen)) == 3
    assert len(pair.instances()) == 2
    assert not before & set(pair.instances())
    # the first was replaced before the second was begun
    first, second = (f".web-{replica}-" for replica in (1, 2))
    old = {name for name in before if first in name}
    assert not [each for each in seen if each & old and any(second in n for n in each - before)]
    assert {pair.answer() for _ in range(8)} == {"second"}


@pytest.mark.parametrize("name", ["single", "pair"])
def test_a_release_that_is_never_ready(name: str, request: pytest.FixtureRequest) -> None:
    environment: Environment = request.getfixturevalue(name)
    environment.release("good")
    before = sorted(environment.instances())
    environment.application.write(release="unready")
    with traffic(environment.platform.port, environment.host) as found:
        environment.application.bough("up").failed_saying("was not ready within 10 s", "GET /ready")
    assert failures(found) == {}
    assert sorted(environment.instances()) == before
    assert {environment.answer() for _ in range(4)} == {"good"}
    environment.release("mended")
    assert environment.answer() == "mended"


def test_requests_wait_for_an_instance_that_crashed(single: Environment) -> None:
    known = single.started()
    with suppress(AssertionError):
        # whoever does it may die as well
        single.inside("import os, signal; os.kill(-1, signal.SIGKILL)")
    answers = [single.platform.ask(single.slug, "/").status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    assert single.started() != known


def test_an_instance_that_is_not_alive_is_restarted_and_one_that_is_not_ready_is_not(
    single: Environment,
) -> None:
    known = single.started()
    become(single, "ready", 503)
    until(lambda: single.platform.ask(single.slug, "/").status_code == 503, 30, "out of traffic")
    assert single.started() == known
    become(single, "alive", 500)
    until(lambda: single.started() != known, 90, "restarted")
    until(lambda: single.platform.ask(single.slug, "/").status_code == 200, 30, "serves again")
    (told,) = single.platform.json("log", single.slug, "--event", "restarted")
    assert told["why"] == "not alive"


def become(environment: Environment, state: str, status: int) -> None:
    url = f"http://127.0.0.1:8000/become?{state}={status}"
    environment.inside(f"import urllib.request as u; u.urlopen({url!r}, b'')")
