from typing import Any

import pytest
from tests.unit.bough.notices.history import COMMIT, declared, deployed, entry, words

from bough.notices.due import outstanding, queues

SLACK = words("slack")


def told(*entries: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.addressee.secret, each.notice.event) for each in outstanding(entries)]


def test_whoever_is_declared_is_told_in_order() -> None:
    failed = entry("deployment failed", stage="production", why="x")
    assert told(declared(SLACK), deployed(), failed) == [
        ("slack-1", "deployed"),
        ("slack-1", "deployment failed"),
    ]


def test_what_happened_before_somebody_was_declared_is_not_told() -> None:
    assert told(deployed(), declared(SLACK)) == []


def test_whom_it_concerns_is_what_was_declared_when_it_happened() -> None:
    other = words("slack", secret="other")
    assert told(declared(SLACK), deployed(), declared(other), deployed(seconds=1)) == [
        ("slack-1", "deployed"),
        ("other", "deployed"),
    ]
    assert told(declared(SLACK), declared(), deployed()) == []


def test_another_application_s_addressees_are_told_nothing() -> None:
    assert told(declared(SLACK), {**deployed(), "application": "shop"}) == []


@pytest.mark.parametrize("outcome", ["noticed", "notice given up"])
def test_what_has_an_outcome_is_done(outcome: str) -> None:
    happened = [declared(SLACK, words("webhook")), deployed()]
    first, second = outstanding(happened)
    assert outstanding([*happened, entry(outcome, notice=first.id)]) == [second]
    done = [entry(outcome, notice=each.id) for each in (first, second)]
    assert outstanding([*happened, *done]) == []


def test_each_event_and_each_addressee_has_an_identifier_of_its_own() -> None:
    entries = [declared(SLACK, words("webhook")), deployed(), deployed(commit="0" * 40)]
    found = outstanding(entries)
    assert len({each.id for each in found}) == len(found) == 4


def test_an_identifier_is_the_same_in_every_later_bough() -> None:
    (delivery,) = outstanding([declared(words("slack")), deployed()])
    assert delivery.id == "a9819dfc50deedfd61101ae8bcf1602c"
    # more facts, and other filters, do not make it news
    wider = words("slack", stages=["production"], colour="red")
    (same,) = outstanding([declared(wider), deployed(size=5, number=77)])
    assert same.id == delivery.id


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (None, ["production"]),
        (["branch"], ["branch"]),
        (["staging"], []),
        (["branch", "production"], ["branch", "production"]),
    ],
)
def test_stages(stages: list[str] | None, expected: list[str]) -> None:
    preview = entry("deployed", environment="main", commit=COMMIT)
    found = outstanding([declared(words("slack", stages=stages)), preview, deployed()])
    assert [each.notice.stage for each in found] == expected


def test_what_concerns_every_stage_is_told_to_whoever_is_told_of_any() -> None:
    stopped = entry("line stopped", why="fire")
    assert told(declared(words("slack", stages=["staging"])), stopped) == [
        ("slack-1", "promotion blocked")
    ]


def test_only_the_events_that_are_wanted() -> None:
    assert told(declared(words("slack", events=["rolled back"])), deployed()) == []
    assert told(declared(words("slack", events=["rolled back"])), deployed(rollback=True))


def test_each_addressee_has_a_queue() -> None:
    entries = [declared(SLACK, words("webhook")), deployed(), deployed(commit="0" * 40)]
    found = queues(outstanding(entries))
    assert [[each.addressee.kind for each in queue] for queue in found] == [
        ["slack", "slack"],
        ["webhook", "webhook"],
    ]
