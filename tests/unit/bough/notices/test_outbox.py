"""Trying, waiting, giving up: against servers, with a ledger in a file and a clock that is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.support.receivers import HANG, HANG_UP, Program, Reply, Sentry, Slack, said
from tests.unit.bough.notices.conftest import Desk
from tests.unit.bough.notices.history import declared, deployed, entry, words

from bough.notices.due import outstanding
from bough.notices.journal import Tried
from bough.notices.patience import TRIES

if TYPE_CHECKING:
    from tests.support.receivers import Receiver

DAY = 86_400.0
LONG = 60.0


@pytest.fixture
def slack_desk(desk: Desk, slack: Slack) -> Desk:
    """One deployment to be told to Slack."""
    desk.secrets["slack-1"] = slack.secret
    desk.add(declared(words("slack")))
    desk.add(deployed())
    return desk


def why(desk: Desk) -> list[str]:
    """Of what is not delivered."""
    journal = desk.journal.read()
    return [journal[each.id].why for each in outstanding(desk.ledger.entries())]


def test_what_happened_is_told_once(slack_desk: Desk, slack: Slack) -> None:
    slack_desk.look()
    slack_desk.look(later=DAY)
    assert len(slack.requests) == 1
    (noticed,) = slack_desk.ledger.of("noticed")
    assert (noticed["kind"], noticed["secret"], noticed["tries"]) == ("slack", "slack-1", 1)
    assert (noticed["of"], noticed["environment"]) == ("deployed", "notes-production")
    assert slack_desk.journal.read() == {}


def test_everybody_is_told(desk: Desk, slack: Slack, sentry: Sentry, program: Program) -> None:
    receivers: dict[str, Receiver] = {"slack": slack, "sentry": sentry, "webhook": program}
    desk.secrets = {f"{kind}-1": each.secret for kind, each in receivers.items()}  # type: ignore[attr-defined]
    desk.add(declared(*map(words, receivers)))
    desk.add(deployed())
    desk.look()
    assert [len(each.told) for each in receivers.values()] == [1, 1, 1]
    assert len(desk.ledger.of("noticed")) == 3


@pytest.mark.parametrize(
    "trouble", [HANG_UP, HANG, Reply(500), Reply(503), Reply(404), Reply(302), Reply(401)]
)
def test_trouble_that_passes(slack_desk: Desk, slack: Slack, trouble: Reply) -> None:
    slack_desk.seconds = 1 if trouble is HANG else LONG
    slack.misbehave(trouble)
    slack_desk.look()
    slack_desk.seconds = LONG
    assert slack_desk.ledger.of("noticed", "notice given up") == []
    slack_desk.look(later=4.9)
    assert len(slack.requests) == 1
    slack_desk.look(later=0.2)
    assert len(slack.told) == 1
    assert slack_desk.ledger.of("noticed")[0]["tries"] == 2


def test_who_is_told_too_much_says_how_long_to_wait(slack_desk: Desk, slack: Slack) -> None:
    slack.misbehave(said(429, Retry_After="60"))
    slack_desk.look()
    slack_desk.look(later=59)
    assert slack.told == []
    slack_desk.look(later=2)
    assert len(slack.told) == 1


def test_a_refusal_that_lasts_is_given_up_at_once(slack_desk: Desk, slack: Slack) -> None:
    slack.misbehave(Reply(410, b"channel_is_archived"))
    slack_desk.look()
    slack_desk.look(later=DAY)
    (dead,) = slack_desk.ledger.of("notice given up")
    assert (dead["why"], dead["tries"]) == ("it answered 410 (channel_is_archived)", 1)
    assert len(slack.requests) == 1


def test_tries_have_an_end(slack_desk: Desk, slack: Slack) -> None:
    slack.misbehave(*[Reply(500)] * 100)
    for _ in range(60):
        slack_desk.look(later=3600)
    assert len(slack.requests) == TRIES
    (dead,) = slack_desk.ledger.of("notice given up")
    assert (dead["why"], dead["tries"]) == ("it answered 500", TRIES)


def test_age_has_an_end(slack_desk: Desk, slack: Slack) -> None:
    slack.misbehave(Reply(500))
    slack_desk.look()
    slack_desk.look(later=3.1 * DAY)
    (dead,) = slack_desk.ledger.of("notice given up")
    assert dead["why"] == "3 days passed; it answered 500"
    assert len(slack.requests) == 1


def test_who_is_away_gets_everything_later_in_order(slack_desk: Desk, slack: Slack) -> None:
    slack_desk.add(deployed(rollback=True))
    slack.misbehave(Reply(500))
    slack_desk.look()
    # the second was not even tried
    assert len(slack.requests) == 1
    slack_desk.add(entry("deployment failed", stage="production", why="late"))
    slack_desk.look(later=6)
    assert [text.split()[0] for text in slack.told] == [":white_check_mark:", ":rewind:", ":x:"]


def test_one_who_is_away_keeps_no_other_waiting(
    slack_desk: Desk, slack: Slack, program: Program
) -> None:
    slack_desk.secrets["webhook-1"] = program.secret
    slack_desk.add(declared(words("slack"), words("webhook")))
    slack_desk.add(deployed(commit="0" * 40))
    slack.misbehave(Reply(500))
    slack_desk.look()
    assert (len(slack.told), len(program.told)) == (0, 1)


def test_a_secret_that_nobody_set_costs_no_try(slack_desk: Desk, slack: Slack) -> None:
    secret = slack_desk.secrets.pop("slack-1")
    for _ in range(2 * TRIES):
        slack_desk.look(later=31)
    assert why(slack_desk) == ["nobody set slack-1"]
    slack_desk.secrets["slack-1"] = secret
    slack_desk.look(later=31)
    assert len(slack.told) == 1
    assert slack_desk.ledger.of("noticed")[0]["tries"] == 1


def test_a_secret_that_is_none_is_mended_by_another(slack_desk: Desk, slack: Slack) -> None:
    slack_desk.secrets["slack-1"] = {"value": "http://example.org/s3cr3t"}
    slack_desk.look()
    assert why(slack_desk) == ["its address is no https:// address"]
    slack_desk.secrets["slack-1"] = slack.secret
    slack_desk.look(later=31)
    assert len(slack.told) == 1


def test_the_ledger_grows_meanwhile(slack_desk: Desk, slack: Slack) -> None:
    """What comes while a notice is sent is told at the next look."""
    answer = slack.answer

    def deploying_meanwhile(request: object) -> Reply:
        if len(slack.told) < 3:
            slack_desk.add(deployed(commit=str(len(slack.told)) * 40))
        return answer(request)  # type: ignore[arg-type]

    slack.answer = deploying_meanwhile  # type: ignore[method-assign]
    for expected in (1, 2, 3, 4, 4):
        slack_desk.look()
        assert len(slack.told) == expected
    assert len(slack_desk.ledger.of("noticed")) == 4


def test_a_clock_that_was_set_back_keeps_nothing_for_years(slack_desk: Desk, slack: Slack) -> None:
    slack.misbehave(Reply(500))
    slack_desk.clock.now += 2 * DAY
    slack_desk.look()
    (name,) = slack_desk.journal.read()
    slack_desk.journal.write(name, Tried(1, slack_desk.clock.now + 365 * DAY, "x"))
    slack_desk.look()
    assert len(slack.told) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": {"b": 1}}'])
def test_a_broken_journal_costs_only_pauses(slack_desk: Desk, slack: Slack, text: str) -> None:
    slack_desk.journal.path.write_text(text)
    slack_desk.look()
    assert len(slack.told) == 1


def test_a_kind_that_only_another_bough_knows(slack_desk: Desk, slack: Slack) -> None:
    slack_desk.add(declared(words("pigeon", secret="slack-1"), words("slack")))
    slack_desk.add(deployed(commit="0" * 40))
    slack_desk.look()
    assert why(slack_desk) == ["this bough does not know how to tell pigeon"]
    assert len(slack.told) == 2


def test_a_bug_of_one_channel_s_keeps_no_other_from_being_told(
    slack_desk: Desk, slack: Slack
) -> None:
    """A seconds that is no number breaks the words of a notice."""
    slack_desk.add(declared(words("slack"), words("webhook")))
    slack_desk.add(entry("deployed", stage="s", environment="e", seconds="s3cr3t"))
    slack_desk.look()
    assert len(slack.told) == 1
    assert "bough failed to tell it (ValueError)" in why(slack_desk)


def test_no_secret_is_written_anywhere(
    desk: Desk, slack: Slack, sentry: Sentry, program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    receivers: dict[str, Receiver] = {"slack": slack, "sentry": sentry, "webhook": program}
    desk.secrets = {f"{kind}-1": each.secret for kind, each in receivers.items()}  # type: ignore[attr-defined]
    desk.add(declared(*map(words, receivers)))
    desk.add(deployed())
    for receiver in receivers.values():
        echo = json.dumps(receiver.secret).encode()  # type: ignore[attr-defined]
        receiver.misbehave(
            Reply(500, echo), HANG_UP, Reply(200, raw=echo + b"\r\n"), Reply(410, echo)
        )
    for later in (0, 30, 300, 3000):
        desk.look(later)
    assert len(desk.ledger.of("notice given up")) == 3
    written = caplog.text + desk.ledger.path.read_text() + desk.journal.path.read_text()
    for secret in desk.secrets.values():
        for value in secret.values():
            assert value not in written
    assert "s3cr3t" not in written
    assert "127.0.0.1" not in written
