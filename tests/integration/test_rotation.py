"""`bough rotate`: everything of an environment that works, replaced under its feet."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform


@pytest.fixture(scope="module")
def slug(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    application = Application.create(tmp_path_factory.mktemp("rotation") / "checkout", platform)
    declared = "secrets: {session-key: {generate: {length: 40}}, typed: }\nservices:\n"
    application.edit("bough.yaml", "services:\n", declared)
    text = (application.folder / "bough.yaml").read_text()
    used = text.replace("needs: [db]\n", "needs: [db]\n    secrets: [session-key]\n", 1)
    (application.folder / "bough.yaml").write_text(used)
    application.commit("secrets")
    slug = application.branch("feature/1-rotation")
    platform.bough(
        "secrets", "set", "typed", "--template", cwd=application.folder, stdin="x"
    ).ended()
    application.up()
    yield slug
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def accounts(platform: Platform, slug: str) -> set[str]:
    rows = witness.query(platform, "SELECT rolname FROM pg_roles")
    return {name for (name,) in rows if name.startswith(f"env-{slug}.web.")}


def tokens(platform: Platform, slug: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for token in witness.consul(platform, "acl/tokens"):
        if token["Description"].startswith(f"env_{slug} "):
            found.setdefault(token["Description"], []).append(token["AccessorID"])
    return found


def test_everything_is_another_and_nobody_noticed(platform: Platform, slug: str) -> None:
    before = accounts(platform, slug), tokens(platform, slug)
    key = platform.ask(slug, "/secret/session-key").json()
    done = platform.bough("rotate", slug, "--under-load", "--path", "/state", "--json").ended()
    facts: dict[str, Any] = json.loads(done.stdout)
    (rotation,) = facts["rotations"]
    assert (rotation["roots"], rotation["secrets"]) == (["db"], ["session-key"])
    assert (rotation["accounts"], rotation["consul_tokens"]) == (2, 2)
    assert facts["load"]["failed"] == 0
    assert facts["load"]["sent"] > 10
    after = tokens(platform, slug)
    assert after.keys() == before[1].keys()
    assert all(len(ids) == 1 for ids in after.values())
    assert not set(chain(*after.values())) & set(chain(*before[1].values()))
    assert accounts(platform, slug) - before[0]
    renewed = platform.ask(slug, "/secret/session-key").json()
    assert (renewed["version"], key["version"]) == (2, 1)
    assert renewed["fields"] != key["fields"]
    # the old accounts end within about a minute, by themselves
    until(lambda: not accounts(platform, slug) & before[0], 90, "the old accounts are gone")
    assert platform.state(slug)["environment"] == slug


def test_one_secret(platform: Platform, slug: str) -> None:
    before = platform.ask(slug, "/secret/session-key").json()["version"]
    platform.bough("rotate", slug, "--secret", "session-key").ended()
    assert platform.ask(slug, "/secret/session-key").json()["version"] == before + 1


def test_a_secret_that_bough_does_not_make(platform: Platform, slug: str) -> None:
    platform.bough("rotate", slug, "--secret", "typed").failed_saying(
        "bough does not make typed", "bough secrets set typed"
    )
    platform.bough("rotate", slug, "--secret", "typo").failed_saying("declares no secret 'typo'")


def test_all_environments_and_the_gossip_key(platform: Platform, slug: str) -> None:
    before = json.loads(platform.key("consul/consul.json"))["encrypt"]
    platform.bough("rotate").ended()
    after = json.loads(platform.key("consul/consul.json"))["encrypt"]
    assert after != before
    (ring,) = [ring for ring in witness.consul(platform, "operator/keyring") if not ring["WAN"]]
    assert list(ring["Keys"]) == [after]
    witness.docker("restart", platform.container("consul"))
    until(lambda: platform.bough("platform", "status").status == 0, 60, "all engines answer")
    assert platform.state(slug)["environment"] == slug


def test_load_needs_an_environment(platform: Platform) -> None:
    platform.bough("rotate", "--under-load").failed_saying("one environment", status=2)
