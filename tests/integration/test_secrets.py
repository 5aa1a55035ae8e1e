"""Static secrets from a person's keyboard, or from nowhere, into an application that runs."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform

TYPED = "typed-3f9c1b"
SECRETS = """\
secrets:
  smtp: {shared: true}
  session-key: {generate: {length: 40}}
  private:
"""


@pytest.fixture(scope="module")
def application(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Application:
    application = Application.create(tmp_path_factory.mktemp("secrets") / "checkout", platform)
    application.edit("bough.yaml", "services:\n", f"{SECRETS}services:\n")
    application.edit(
        "bough.yaml", "    needs: [db]\n    memory", "    needs: [db]\n    secrets: S\n    memory"
    )
    text = (application.folder / "bough.yaml").read_text()
    text = text.replace("secrets: S", "secrets: [smtp, session-key]", 1)
    (application.folder / "bough.yaml").write_text(text.replace("secrets: S", "secrets: [private]"))
    application.commit("secrets")
    return application


@pytest.fixture(scope="module")
def slug(platform: Platform, application: Application) -> Iterator[str]:
    slug = application.branch("feature/1-secrets")
    failed = application.bough("up")
    failed.failed_saying("no value is known for private, smtp of sample", "--template")
    for name in ("smtp", "private"):
        words = ("secrets", "set", name, "--template")
        platform.bough(*words, cwd=application.folder, stdin=f"{name} from the template\n").ended()
    application.up()
    yield slug
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def secret(platform: Platform, slug: str, name: str) -> dict[str, Any]:
    answer = platform.ask(slug, f"/secret/{name}")
    assert answer.status_code == 200, answer.text
    facts: dict[str, Any] = answer.json()
    return facts


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_new_environment_starts_with_the_template_set(platform: Platform, slug: str) -> None:
    found = secret(platform, slug, "smtp")
    assert found == {"version": 1, "fields": {"value": digest("smtp from the template")}}


def test_what_bough_makes_is_another_value_in_each_environment(
    platform: Platform, application: Application, slug: str
) -> None:
    other = application.branch("feature/2-secrets")
    application.up()
    keys = [secret(platform, each, "session-key")["fields"]["value"] for each in (slug, other)]
    assert len(set(keys)) == 2
    rows = platform.json("secrets", "diff", slug, other)
    assert rows == []
    application.bough("destroy", other).ended()


def test_a_service_reads_what_it_declares_and_nothing_else(platform: Platform, slug: str) -> None:
    answer = platform.ask(slug, "/secret/private")
    assert (answer.status_code, answer.json()) == (502, {"error": "DeniedError"})


def test_a_new_version_reaches_what_runs_and_stays(
    platform: Platform, application: Application, slug: str
) -> None:
    set_ = ("secrets", "set", "smtp", slug, "--field", "user", "--field", "password")
    typed = json.dumps({"user": "u", "password": TYPED})
    said = platform.bough(*set_, stdin=typed).ended()
    assert said.stdout == f"smtp of {slug} is at version 2\n"
    expected = {"user": digest("u"), "password": digest(TYPED)}
    assert secret(platform, slug, "smtp") == {"version": 2, "fields": expected}
    application.git("checkout", "--quiet", "feature/1-secrets")
    application.up()
    assert secret(platform, slug, "smtp")["version"] == 2
    versions = platform.json("secrets", "versions", "smtp", slug)
    assert [each["version"] for each in versions] == [1, 2]
    (row,) = [row for row in platform.json("secrets", "ls", slug) if row["secret"] == "smtp"]
    assert (row["version"], row["declared"], row["made by bough"]) == (2, True, False)


def test_only_what_is_shared_is_copied(
    platform: Platform, application: Application, slug: str
) -> None:
    other = application.branch("feature/3-secrets")
    application.up()
    copy = ("secrets", "copy", "--from", slug, "--to", other)
    platform.bough(*copy, "smtp").ended()
    assert secret(platform, other, "smtp")["fields"]["password"] == digest(TYPED)
    platform.bough(*copy, "private").failed_saying("does not let private be copied")
    assert len(platform.json("secrets", "versions", "private", other)) == 1
    application.bough("destroy", other).ended()


def test_a_name_that_is_unknown_changes_nothing(platform: Platform, slug: str) -> None:
    words = ("secrets", "set", "smpt", slug)
    platform.bough(*words, stdin="x").failed_saying("declares no secret 'smpt'", "session-key")
    platform.bough("secrets", "versions", "smpt", slug).failed_saying("no secret 'smpt'")
    platform.bough("secrets", "rm", "smpt", slug).failed_saying("no secret 'smpt'")


def test_no_value_is_in_a_log_a_state_or_the_ledger(platform: Platform, slug: str) -> None:
    texts = {
        str(path): path.read_text(errors="replace")
        for folder in ("logs", "pulumi/state", "environments", "cache/descriptions")
        for path in (platform.root / folder).rglob("*")
        if path.is_file()
    }
    texts["the ledger"] = json.dumps(platform.json("log"))
    assert any("secret set" in text for text in texts.values())
    for value in (TYPED, "from the template"):
        assert [path for path, text in texts.items() if value in text] == []
    assert TYPED not in witness.logs(witness.containers(platform, slug)[0])


def test_a_deleted_secret_is_gone_with_its_versions(platform: Platform, slug: str) -> None:
    platform.bough("secrets", "rm", "smtp", slug).ended()
    assert platform.ask(slug, "/secret/smtp").status_code == 502
    rows = {row["secret"]: row["version"] for row in platform.json("secrets", "ls", slug)}
    assert rows["smtp"] is None
