"""`bough verify-isolation` finds the holes that are there: each is made, found and mended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from tests.support import witness
from tests.support.applications import Application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform


@pytest.fixture(scope="module")
def pair(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    application = Application.create(tmp_path_factory.mktemp("pair") / "checkout", platform)
    slugs = application.branch("feature/1-one"), application.branch("feature/2-two")
    application.bough("up", "feature/1-one").ended()
    said = application.bough("up", "feature/2-two").ended().stderr
    for gate in ("isolation", "isolation-addresses"):
        assert said.index(f"{gate}: created") < said.index("route: created")
    yield slugs
    for slug in slugs:
        platform.bough("destroy", slug).ended()
        assert witness.left_of(platform, slug) == []


def verdicts(platform: Platform, slug: str, other: str) -> list[dict[str, Any]]:
    done = platform.bough("verify-isolation", slug, other, "--json")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert done.status == int(not all(each["passed"] for each in found))
    return found


def opened(platform: Platform, slug: str, other: str) -> list[tuple[str, str, str]]:
    return [
        (each["engine"], each["of"], each["what"])
        for each in verdicts(platform, slug, other)
        if not each["passed"]
    ]


def test_two_environments_are_alone(platform: Platform, pair: tuple[str, str]) -> None:
    one, two = pair
    before = witness.left_of(platform, one)
    for slug, other in ((one, two), (two, one)):
        found = verdicts(platform, slug, other)
        assert [each for each in found if not each["passed"]] == []
        # of each engine something was tried, on the neighbour and on the platform
        tried = {(each["engine"], each["of"]) for each in found}
        for engine in ("vault", "consul", "postgres", "network"):
            assert {(engine, of) for of in ("itself", "platform", other)} <= tried
    assert witness.left_of(platform, one) == before


def test_all_others_are_tried_by_default(platform: Platform, pair: tuple[str, str]) -> None:
    said = platform.bough("verify-isolation", pair[0]).ended().stdout
    assert f"{pair[0]}: " in said
    assert "nothing opened but its own" in said


def test_a_neighbour_on_its_network_is_found(platform: Platform, pair: tuple[str, str]) -> None:
    one, two = pair
    network = f"{platform.name}.env.{one}"
    stranger = witness.instance(platform, two)["Name"].lstrip("/")
    witness.docker("network", "connect", network, stranger)
    try:
        names = {what for engine, of, what in opened(platform, one, two) if engine == "network"}
        assert names == {f"instance {stranger.rpartition('.')[2]}"}
    finally:
        witness.docker("network", "disconnect", network, stranger)
    assert opened(platform, one, two) == []


def test_a_database_that_lets_everybody_in_is_found(
    platform: Platform, pair: tuple[str, str]
) -> None:
    one, two = pair
    database = f"env-{two}.db"
    grant = f'GRANT CONNECT ON DATABASE "{database}" TO PUBLIC'
    witness.execute(platform, grant)
    try:
        assert set(opened(platform, one, two)) == {("postgres", two, f"database {database}")}
    finally:
        witness.execute(platform, f'REVOKE CONNECT ON DATABASE "{database}" FROM PUBLIC')
    assert opened(platform, one, two) == []


def test_a_policy_that_allows_too_much_is_found(platform: Platform, pair: tuple[str, str]) -> None:
    one, two = pair
    name = f"sys/policies/acl/env.{one}.web"
    rules = witness.vault(platform, "GET", name)["data"]["policy"]
    wide = f'{rules}\npath "env/{two}/kv/data/*" {{ capabilities = ["read"] }}\n'
    witness.vault(platform, "PUT", name, {"policy": wide})
    try:
        assert set(opened(platform, one, two)) == {("vault", two, "read a secret")}
    finally:
        witness.vault(platform, "PUT", name, {"policy": rules})
    assert opened(platform, one, two) == []


def test_an_environment_that_is_not_there(platform: Platform, pair: tuple[str, str]) -> None:
    platform.bough("verify-isolation", "nope").failed_saying("there is no environment of 'nope'")
    platform.bough("verify-isolation", pair[0], "nope").failed_saying("of 'nope'")


def test_nobody_can_lock_an_environment_out(platform: Platform, pair: tuple[str, str]) -> None:
    """Vault's lock-out after five failed logins would let any instance keep any other from it."""
    one, two = pair
    port = platform.settings["ports"]["vault"]
    for path, role in ((f"auth/env/{two}", f"{two}.web"), ("auth/operator", "bough")):
        for _ in range(10):
            guess = {"role_id": role, "secret_id": "guessed"}
            url = f"http://127.0.0.1:{port}/v1/{path}/login"
            assert requests.post(url, json=guess, timeout=10).status_code in (400, 403)
    assert opened(platform, two, one) == []
