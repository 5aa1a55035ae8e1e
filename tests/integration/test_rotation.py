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


_LOG_IN = """
import json, sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen
url, body = json.load(sys.stdin)
try:
    print(urlopen(Request(url, json.dumps(body).encode())).status)
except HTTPError as error:
    print(error.code)
"""
# from inside, because the token is bound to the environment's network
_REVOKE = """
from pathlib import Path
from urllib.request import Request, urlopen
token = Path("/run/bough/token").read_text()
url = "http://vault.bough:8200/v1/auth/token/revoke-self"
urlopen(Request(url, method="POST", headers={"X-Vault-Token": token}))
"""


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
    assert (rotation["roles"], rotation["secret_ids"]) == (["web", "worker"], 0)
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


def test_what_was_minted_to_log_in_and_not_used_is_worthless_then(
    platform: Platform, slug: str
) -> None:
    """One secret-id that a thief has, one that lies there undelivered, and a role that was widened:
    what runs goes on, and what is minted afterwards works."""
    role = f"auth/env/{slug}/role/web"
    declared = witness.vault(platform, "GET", role)["data"]
    used, stolen = (secret_id(platform, f"{role}/secret-id") for _ in range(2))
    assert logs_in(platform, slug, used)
    lying = witness.minted(platform, f"{role}/secret-id", "60s")
    delivery = next((platform.memory / slug).glob("web-*")) / "wrapped-token"
    delivery.write_text(lying)
    witness.vault(platform, "POST", role, {"bind_secret_id": False, "token_max_ttl": 9})
    done = platform.bough("rotate", slug, "--under-load", "--path", "/state", "--json").ended()
    facts: dict[str, Any] = json.loads(done.stdout)
    assert facts["rotations"][0]["secret_ids"] == 2
    assert facts["load"]["failed"] == 0
    assert "web, worker: AppRole; 2 unused secret-ids revoked" in done.stderr
    assert rotated(platform)["secret_ids"] == 2

    assert not logs_in(platform, slug, stolen)
    assert not logs_in(platform, slug, unwrapped(platform, lying))
    fresh = delivery.read_text()
    delivery.unlink()
    assert logs_in(platform, slug, unwrapped(platform, fresh))
    assert witness.vault(platform, "GET", role)["data"] == declared


def test_an_instance_that_logs_in_anew_at_that_moment(platform: Platform, slug: str) -> None:
    web = witness.instance(platform, slug)
    token = (next((platform.memory / slug).glob("web-*")) / "token").read_text()
    witness.docker("exec", web["Id"], "python", "-c", _REVOKE)
    platform.bough("rotate", slug).ended()
    kept = next((platform.memory / slug).glob("web-*")) / "token"
    until(lambda: kept.read_text() != token, 30, "it has another login")
    until(lambda: platform.serves(slug, environment=slug), 30, "it serves")
    assert witness.instance(platform, slug)["RestartCount"] == web["RestartCount"]


def secret_id(platform: Platform, path: str) -> str:
    """As a thief has it that took a wrapping token first."""
    return unwrapped(platform, witness.minted(platform, path, "60s"))


def unwrapped(platform: Platform, wrapped: str) -> str:
    answer = witness.asked(platform, wrapped, "POST", "sys/wrapping/unwrap")
    answer.raise_for_status()
    found: str = answer.json()["data"]["secret_id"]
    return found


def logs_in(platform: Platform, slug: str, secret_id: str) -> bool:
    """Whether a secret-id opens the environment from inside its network."""
    body = {"role_id": f"{slug}.web", "secret_id": secret_id}
    said = json.dumps([f"http://vault.bough:8200/v1/auth/env/{slug}/login", body])
    done = platform.bough("exec", slug, "web", "python", "-c", _LOG_IN, stdin=said).ended()
    status = int(done.stdout)
    assert status in (200, 400)
    return status == 200


def rotated(platform: Platform) -> dict[str, Any]:
    """The ledger's last entry of a rotation."""
    found: list[dict[str, Any]] = platform.json("log", "--event", "rotated")
    return found[-1]


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
