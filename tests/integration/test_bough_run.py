"""An application in another language, from `examples/hello-node`, under bough-run."""

from __future__ import annotations

import operator
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from tests.support import witness
from tests.support.applications import EXAMPLES, Application
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(300, func_only=True)
_KILL_THE_PROGRAM = """
import os, signal
from pathlib import Path
for process in Path("/proc").glob("[0-9]*"):
    if (process / "cmdline").read_bytes().split(b"\\0")[0] == b"node":
        os.kill(int(process.name), signal.SIGKILL)
"""


class Visitor:
    """Visits an environment all the time, and remembers all answers."""

    def __init__(self, platform: Platform, slug: str) -> None:
        self._platform, self._slug = platform, slug
        self._enough = threading.Event()
        self.users: dict[str, int] = {}
        self.failures: list[str] = []

    def __call__(self) -> None:
        while not self._enough.is_set():
            try:
                answer = self._platform.ask(self._slug, "/")
                if answer.ok:
                    user = answer.json()["database_user"]
                    self.users[user] = self.users.get(user, 0) + 1
                else:
                    self.failures.append(f"{answer.status_code} {answer.text}")
            except requests.RequestException as error:
                self.failures.append(str(error))

    def enough(self) -> None:
        self._enough.set()


@contextmanager
def visited(platform: Platform, slug: str) -> Iterator[Visitor]:
    visitor = Visitor(platform, slug)
    threads = [threading.Thread(target=visitor, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield visitor
    finally:
        visitor.enough()
        for thread in threads:
            thread.join()


@pytest.fixture
def application(platform: Platform, tmp_path: Path) -> Application:
    return Application.create(tmp_path / "checkout", platform, EXAMPLES / "hello-node")


def rotate(platform: Platform, slug: str) -> None:
    platform.bough("exec", slug, "web", "bough-run", "--rotate").ended()


def database_user(platform: Platform, slug: str) -> str | None:
    """The account that answers, None while nobody does."""
    try:
        answer = platform.ask(slug, "/")
        user: str | None = answer.json()["database_user"] if answer.ok else None
    except requests.RequestException:
        return None
    return user


def password(platform: Platform, slug: str) -> str:
    """The one that the program finds in its file."""
    file = "/run/bough/files/databases/db/password"
    found = platform.bough("exec", slug, "web", "cat", file).ended().stdout.strip()
    assert found
    return found


def all_that_docker_knows(platform: Platform, slug: str) -> str:
    container = witness.instance(platform, slug)["Id"]
    return witness.described(container) + witness.logs(container)


def lives(platform: Platform, slug: str) -> tuple[str, int]:
    """When the container was started, and how often Docker has restarted it."""
    found = witness.instance(platform, slug)
    return found["State"]["StartedAt"], found["RestartCount"]


def test_a_program_that_is_signalled_goes_on_with_new_accounts_and_no_failed_request(
    platform: Platform, application: Application
) -> None:
    slug = application.branch("feature/1-signal")
    application.up()
    before = lives(platform, slug)
    with visited(platform, slug) as visitor:
        until(lambda: visitor.users, 10, "visited")
        for _ in range(3):
            known = {*visitor.users}
            rotate(platform, slug)
            until(partial(operator.lt, known, visitor.users.keys()), 30, "another account")
    assert visitor.failures == []
    assert sum(visitor.users.values()) > 20
    assert lives(platform, slug) == before
    roles = {name for (name,) in witness.query(platform, "SELECT rolname FROM pg_roles")}
    assert visitor.users.keys() <= roles, "a replaced account works for a while"
    assert password(platform, slug) not in all_that_docker_knows(platform, slug)
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_a_program_that_is_restarted_comes_back_with_the_new_account_and_after_a_crash(
    platform: Platform, application: Application
) -> None:
    slug = application.branch("feature/2-restart")
    application.edit("bough.yaml", "--on-change, HUP, ", "")
    application.up()
    before, old = lives(platform, slug), database_user(platform, slug)
    assert old
    rotate(platform, slug)
    until(lambda: database_user(platform, slug) not in (None, old), 30, "the new account")
    assert lives(platform, slug) == before
    log = witness.logs(witness.instance(platform, slug)["Id"])
    assert "files changed: restarting the program" in log
    assert "went on with a new database account" not in log
    platform.bough("exec", slug, "web", "python", "-c", _KILL_THE_PROGRAM)
    until(lambda: lives(platform, slug)[1] == before[1] + 1, 15, "started again by Docker")
    until(lambda: database_user(platform, slug), 30, "served again")
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []
