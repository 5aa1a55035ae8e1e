"""An instance whose identity is gone gets another one without a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)
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
    application = Application.create(tmp_path_factory.mktemp("identity") / "checkout", platform)
    slug = application.branch("feature/5-identity")
    application.up()
    yield slug
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_a_revoked_instance_logs_in_anew_while_it_runs(platform: Platform, slug: str) -> None:
    web, kept = instance(platform, slug), token_file(platform, slug)
    revoked = kept.read_text()
    platform.bough("exec", slug, "web", "python", "-c", _REVOKE).ended()
    until(lambda: platform.serves(slug, notes=["seeded"]), 20, "served again")
    until(lambda: kept.read_text() != revoked, 20, "another token is kept")
    assert instance(platform, slug)["State"] == web["State"], "nobody restarted it"


def test_an_instance_that_gave_its_token_back_starts_again(platform: Platform, slug: str) -> None:
    web = instance(platform, slug)
    witness.docker("restart", web["Name"].removeprefix("/"))
    until(lambda: platform.serves(slug, notes=["seeded"]), 30, "served again")
    assert instance(platform, slug)["Id"] == web["Id"]


def instance(platform: Platform, slug: str) -> Any:
    return witness.instance(platform, slug)


def token_file(platform: Platform, slug: str) -> Path:
    name: str = instance(platform, slug)["Config"]["Hostname"]
    return platform.memory / slug / name / "token"
