"""Each channel against a stand-in that checks what its API's documentation asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support.receivers import HANG_UP, Program, Receiver, Reply, Rollbar, Sentry, Slack, said
from tests.unit.bough.notices.history import (
    COMMIT,
    RELEASE,
    declared,
    deployed,
    entry,
    wanted,
    words,
)

from bough.notices.asking import Asking
from bough.notices.channels import CHANNELS, webhook
from bough.notices.due import Delivery, outstanding
from bough.notices.errors import UndeliveredError
from bough.notices.secret import Access, signing_key

if TYPE_CHECKING:
    from collections.abc import Callable

ASKING = Asking(loopback=True, seconds=60)
FAILED = entry("deployment failed", stage="production", environment="p", why="<web-1> & died")


def delivery(kind: str, happened: dict[str, Any] | None = None, **more: Any) -> Delivery:
    found = outstanding([declared(words(kind, **more)), happened or deployed()])
    assert len(found) == 1
    return found[0]


def tell(receiver: Any, what: Delivery, *, again: bool = False) -> None:
    kind = what.addressee.kind
    CHANNELS[kind](ASKING, what, Access.of(kind, receiver.secret), again=again)


def test_slack(slack: Slack) -> None:
    tell(slack, delivery("slack"))
    tell(slack, delivery("slack", FAILED))
    assert slack.told == [
        ":white_check_mark: notes in production: deployed notes@4fd2c1a09b7e, commit 91ab33c0de,"
        " by ada, in 12 s",
        ":x: notes in production: deployment failed, by ada: &lt;web-1&gt; &amp; died",
    ]


def test_slack_is_asked_for_an_approval(slack: Slack) -> None:
    tell(slack, delivery("slack", wanted()))
    assert slack.told == [
        ":raised_hand: notes in production: approval wanted notes@4fd2c1a09b7e, commit 91ab33c0de:"
        " 0 of 2 people approved it; `bough approve 4fd2c1a09b7e production`, by one of bo@x.org,"
        " cy@x.org"
    ]


def test_a_program_is_asked_for_an_approval(program: Program) -> None:
    tell(program, delivery("webhook", wanted()))
    (message,) = program.told
    assert message["type"] == "approval.wanted"
    assert message["data"]["release"] == RELEASE
    assert "`bough approve 4fd2c1a09b7e production`" in message["data"]["why"]


@pytest.mark.parametrize("kind", ["sentry", "rollbar"])
def test_who_knows_deployments_only_is_not_asked(kind: str) -> None:
    assert outstanding([declared(words(kind)), wanted()]) == []


def test_slack_s_own_words_are_quoted_and_no_others(slack: Slack) -> None:
    slack.misbehave(Reply(410, b"channel_is_archived"), Reply(403, b"sorry, https://hooks/s3cr3t"))
    with pytest.raises(
        UndeliveredError, match=r"it answered 410 \(channel_is_archived\)"
    ) as caught:
        tell(slack, delivery("slack"))
    assert caught.value.lasting
    with pytest.raises(UndeliveredError, match=r"it answered 403\.$"):
        tell(slack, delivery("slack"))


def test_sentry_gets_the_release_and_the_deploy(sentry: Sentry) -> None:
    what = delivery("sentry", projects=["notes", "notes-worker"], environment="prod")
    tell(sentry, what)
    assert sentry.releases == {"notes@4fd2c1a09b7e": {"notes", "notes-worker"}}
    assert sentry.requests[0].json["ref"] == COMMIT
    (deploy,) = sentry.told
    assert (deploy["environment"], deploy["name"]) == ("prod", what.id)
    assert deploy["dateStarted"] == "2026-11-21T11:59:47.600000+00:00"
    assert deploy["dateFinished"] == "2026-11-21T12:00:00.000+00:00"


def test_sentry_knows_the_release_of_another_stage(sentry: Sentry) -> None:
    tell(sentry, delivery("sentry", deployed(stage="staging")))
    tell(sentry, delivery("sentry"))
    assert [each["environment"] for each in sentry.told] == ["staging", "production"]


@pytest.mark.parametrize(
    ("wrong", "status"), [({"projects": ["other"]}, 400), ({"organization": "other"}, 404)]
)
def test_sentry_refuses(sentry: Sentry, wrong: dict[str, Any], status: int) -> None:
    with pytest.raises(UndeliveredError, match=f"it answered {status}"):
        tell(sentry, delivery("sentry", **wrong))
    assert sentry.told == []


def test_rollbar(rollbar: Rollbar) -> None:
    what = delivery("rollbar")
    tell(rollbar, what)
    tell(rollbar, delivery("rollbar", FAILED, environment="prod"))
    first, second = rollbar.told
    assert (first["environment"], first["revision"], first["status"]) == (
        *("production", COMMIT, "succeeded"),
    )
    assert first["local_username"] == "ada"
    assert what.id in first["comment"]
    assert (second["environment"], second["status"]) == ("prod", "failed")


def test_an_error_of_rollbar_s_that_comes_with_200(rollbar: Rollbar) -> None:
    rollbar.misbehave(said(200, {"err": 1, "message": "s3cr3t"}))
    with pytest.raises(UndeliveredError, match=r"that there was an error\.$"):
        tell(rollbar, delivery("rollbar"))


def test_a_signed_webhook(program: Program) -> None:
    what = delivery("webhook")
    tell(program, what)
    (message,) = program.told
    assert (message["type"], message["timestamp"]) == (
        *("deployment.succeeded", "2026-11-21T12:00:00.000+00:00"),
    )
    assert message["data"]["stage"] == "production"
    assert message["data"]["commit"] == COMMIT
    assert program.requests[0].headers["webhook-id"] == f"msg_{what.id}"


def test_a_webhook_with_another_key_is_refused(program: Program) -> None:
    program.key = b"x" * 32
    access = Access.of("webhook", program.secret)
    program.key = b"y" * 32
    with pytest.raises(UndeliveredError, match="it answered 401"):
        webhook.tell(ASKING, delivery("webhook"), access, again=False)


def test_the_signature_of_the_reference_implementation() -> None:
    """Its test vector: https://github.com/standard-webhooks/standard-webhooks"""
    key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = webhook.signature(
        key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def reading_rollbar(serve: Callable[[Rollbar], Rollbar]) -> Rollbar:
    return serve(Rollbar("post_server_item", "read"))


@pytest.mark.parametrize(
    ("fixture", "kind"),
    [("sentry", "sentry"), ("reading_rollbar", "rollbar"), ("program", "webhook")],
)
def test_what_may_have_arrived_is_told_once(
    request: pytest.FixtureRequest, fixture: str, kind: str
) -> None:
    receiver: Receiver = request.getfixturevalue(fixture)
    tell(receiver, delivery(kind, deployed(stage="staging")))
    tell(receiver, delivery(kind))
    tell(receiver, delivery(kind), again=True)
    assert len(receiver.told) == 2


@pytest.mark.parametrize(("fixture", "kind"), [("sentry", "sentry"), ("rollbar", "rollbar")])
def test_what_did_not_arrive_is_told_at_the_second_try(
    request: pytest.FixtureRequest, fixture: str, kind: str
) -> None:
    receiver: Receiver = request.getfixturevalue(fixture)
    receiver.misbehave(HANG_UP)
    with pytest.raises(UndeliveredError, match="cannot be reached"):
        tell(receiver, delivery(kind))
    tell(receiver, delivery(kind), again=True)
    assert len(receiver.told) == 1
