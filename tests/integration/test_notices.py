"""Notices of real deployments, by a real keeper, over TLS to stand-ins of those who are told."""

from __future__ import annotations

import json
import ssl
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.receivers import Program, Reply, Slack
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.platforms import Platform

SOON = 30.0
"""Seconds in which somebody must have been told."""

NOTICES = """\
notices:
  - {kind: slack, secret: chat, stages: [branch]}
  - {kind: webhook, secret: ops, stages: [branch]}
services:
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, with its key, for a day."""
    file = tmp_path_factory.mktemp("tls") / "receiver.pem"
    words = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=receiver"
    )
    where = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(file)]
    made = subprocess.run(
        ["openssl", *words.split(), *where], capture_output=True, text=True, check=True
    )
    file.write_text(file.read_text() + made.stdout)
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(platform: Platform, certificate: Path) -> Iterator[None]:
    """A keeper that trusts the receivers' certificate."""
    platform.bough("keeper", "stop").ended()
    platform.bough("keeper", "start", env={"SSL_CERT_FILE": str(certificate)}).ended()
    yield
    platform.bough("keeper", "stop").ended()
    platform.bough("keeper", "start").ended()


@pytest.fixture
def application(platform: Platform, tmp_path: Path) -> Iterator[Application]:
    """One that nobody else declares notices of."""
    application = Application.create(tmp_path / "checkout", platform)
    slug = application.branch("feature/1-notices")
    application.edit("bough.yaml", "application: sample", "application: telling")
    application.edit("bough.yaml", "services:\n", NOTICES)
    yield application
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def set_secret(application: Application, name: str, values: dict[str, str]) -> None:
    fields = [word for field in values for word in ("--field", field)]
    text = json.dumps(values) if len(values) > 1 else values["value"]
    words = ("secrets", "set", name, "--notice", *fields)
    application.platform.bough(*words, cwd=application.folder, stdin=text).ended()


def waiting(platform: Platform) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = platform.json("notices")
    return [row for row in found if (row["environment"] or "").startswith("feature-1-notices")]


@pytest.mark.usefixtures("trusting")
def test_a_deployment_is_told_and_never_waits_for_it(
    platform: Platform, application: Application, tls: ssl.SSLContext
) -> None:
    slack, program = Slack(), Program()
    with slack.serving(tls), program.serving(tls):
        secrets = {"chat": slack.secret, "ops": program.secret}
        for name, values in secrets.items():
            set_secret(application, name, values)
        application.up()
        until(lambda: slack.told and program.told, SOON, "both were told")
        assert "telling in branch feature/1-notices: deployed telling@" in slack.told[0]
        assert program.told[0]["data"]["application"] == "telling"
        until(lambda: not waiting(platform), SOON, "both are written down")

        slack.misbehave(Reply(410, b"channel_is_archived"))
        application.write(answer="two")
        application.up()
        until(lambda: len(program.told) == 2, SOON, "the program was told again")
        until(lambda: waiting(platform), SOON, "what was given up is shown")
    (dead,) = waiting(platform)
    assert (dead["to"], dead["state"], dead["tries"]) == ("slack (chat)", "given up", 1)
    shown = "for slack (chat) was given up after 1 try: it answered 410 (channel_is_archived)"
    for command in (("show", "feature/1-notices"), ("platform", "status")):
        assert shown in platform.bough(*command).ended().stdout

    # nobody is there any more
    application.write(answer="three")
    application.up()
    until(
        lambda: [row for row in waiting(platform) if "cannot be reached" in row["why"]],
        SOON,
        "who is away is waited for",
    )
    told_of_it = platform.bough("show", "feature/1-notices", "--json").ended().stdout
    assert {row["state"] for row in json.loads(told_of_it)["notices"]} == {"given up", "waits"}
    assert (len(slack.told), len(program.told)) == (1, 2)
    _nothing_secret(platform, secrets)


def _nothing_secret(platform: Platform, secrets: dict[str, dict[str, str]]) -> None:
    """In logs, journals and states; keys of the platform's own are no place for it either."""
    texts = [path.read_bytes() for path in platform.root.rglob("*") if path.is_file()]
    assert texts
    for values in secrets.values():
        for value in values.values():
            assert not any(value.encode() in text for text in texts)
