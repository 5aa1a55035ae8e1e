"""The whole way: a push makes an environment, its neighbour cannot reach it, nothing is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.support import doors, witness

if TYPE_CHECKING:
    from tests.support.applications import Application
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(300, func_only=True)
LOGIN, SEARCH, COPY = "feature/42-login", "feature/43-search", "feature/44-copy"


def test_from_push_to_nothing_left(platform: Platform, application: Application) -> None:
    application.bough("remote", "add").ended()
    login = branch_pushed(application, LOGIN)
    answers_from_its_database(platform, login)
    search = branch_pushed(application, SEARCH)
    isolated(platform, login, search)
    isolated(platform, search, login)
    updated(platform, application, login)
    never_built_twice(platform, application, login)
    destroyed_with_its_branch(platform, application, SEARCH, search)
    assert platform.state(login)["answer"] == "two"
    destroyed(platform, login)


def branch_pushed(application: Application, name: str) -> str:
    slug = application.branch(name)
    pushed = application.push(name).ended()
    (url,) = set(re.findall(r"http://[a-z0-9-]+\.localhost:\d+", pushed.stderr))
    assert url == f"http://{slug}.localhost:{application.platform.port}"
    return slug


def answers_from_its_database(platform: Platform, slug: str) -> None:
    state = platform.state(slug)
    assert (state["environment"], state["answer"], state["notes"]) == (slug, "one", ["seeded"])
    rows = witness.query(platform, "SELECT text FROM notes", f"env-{slug}.db")
    assert rows == [("seeded",)]
    assert platform.ask(slug, note="of its own").status_code == 201
    assert platform.state(slug)["notes"] == ["seeded", "of its own"]


def isolated(platform: Platform, slug: str, neighbour: str) -> None:
    own = doors.tried(platform, slug, doors.of_environment(platform, slug))
    assert {name for name, verdict in own.items() if verdict != doors.OPEN} == set()
    closed = doors.of_environment(platform, neighbour) | doors.of_platform(
        platform, slug, neighbour
    )
    verdicts = doors.tried(platform, slug, closed)
    assert {name for name, verdict in verdicts.items() if verdict == doors.OPEN} == set()
    assert platform.state(neighbour)["environment"] == neighbour


def updated(platform: Platform, application: Application, slug: str) -> None:
    before = witness.instance(platform, slug)["Image"]
    application.git("checkout", "--quiet", LOGIN)
    commit = application.write(answer="two")
    application.push(LOGIN).ended()
    state = platform.state(slug)
    assert (state["answer"], state["notes"]) == ("two", ["seeded", "of its own"])
    assert witness.instance(platform, slug)["Image"] != before
    assert platform.json("show", LOGIN)["commit"] == commit


def never_built_twice(platform: Platform, application: Application, slug: str) -> None:
    copy = application.branch(COPY)
    application.commit("another commit of the same tree")
    pushed = application.push(COPY).ended()
    assert "building" not in pushed.stderr
    images = {witness.instance(platform, each)["Config"]["Image"] for each in (slug, copy)}
    assert len(images) == 1
    assert "@sha256:" in images.pop()


def destroyed_with_its_branch(
    platform: Platform, application: Application, branch: str, slug: str
) -> None:
    assert witness.left_of(platform, slug) != []
    pushed = application.push("--delete", branch).ended()
    assert f"{slug} is destroyed" in pushed.stderr
    assert witness.left_of(platform, slug) == []


def destroyed(platform: Platform, slug: str) -> None:
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []
    again = platform.bough("destroy", slug).ended()
    assert f"there is no environment {slug}" in again.stdout
