"""Attempts on an environment's surroundings, as a verdict."""

from __future__ import annotations

from typing import Any

from bough.gates.isolation import judged, patiently
from bough_components.local.isolation.verdicts import OWN, PLATFORM, Verdict

OWN_DOOR = {"of": OWN, "what": "look at its own token", "opened": True, "answer": "HTTP 200"}
LOCKED = {"of": PLATFORM, "what": "list mounts", "opened": False, "answer": "HTTP 403"}
NEIGHBOUR = {"of": "other", "what": "read a secret", "opened": False, "answer": "HTTP 403"}


def attempts(*doors: dict[str, Any], **changed: Any) -> list[Verdict]:
    *others, last = doors
    return [Verdict(engine="vault", **door) for door in (*others, {**last, **changed})]


def test_nothing_opened_but_its_own() -> None:
    verdict = judged(attempts(OWN_DOOR, LOCKED, NEIGHBOUR))
    assert (verdict.result, verdict.why) == ("PASS", "3 attempts, nothing opened but its own")
    assert verdict.evidence == {
        "attempts": {"vault": 3},
        "tried on": [OWN, "other", PLATFORM],
    }


def test_an_open_door_fails_and_is_named() -> None:
    verdict = judged(attempts(OWN_DOOR, NEIGHBOUR, opened=True, answer="HTTP 200"))
    assert verdict.result == "FAIL"
    assert verdict.evidence["opened"] == ["vault, other: read a secret (HTTP 200)"]


def test_where_nothing_could_be_tried_nothing_is_known() -> None:
    shut = judged(attempts(LOCKED, OWN_DOOR, opened=False, answer="HTTP 403"))
    assert shut.result == "INCONCLUSIVE"
    assert shut.evidence["shut"] == ["vault, itself: look at its own token (HTTP 403)"]
    for tried in ([], attempts(OWN_DOOR)):
        assert (judged(tried).result, judged(tried).why) == ("INCONCLUSIVE", "nothing was tried")


def test_an_open_door_weighs_more_than_one_that_could_not_be_tried() -> None:
    open_and_shut = [
        *attempts(OWN_DOOR, opened=False),
        *attempts(NEIGHBOUR, opened=True),
    ]
    assert judged(open_and_shut).result == "FAIL"


def test_what_was_only_slow_is_tried_again_and_what_opened_is_not() -> None:
    slow = judged(attempts(OWN_DOOR, opened=False))
    good = judged(attempts(OWN_DOOR, LOCKED))
    bad = judged(attempts(OWN_DOOR, NEIGHBOUR, opened=True))
    for said, result in (
        ([slow, slow, good], "PASS"),
        ([slow, bad, good], "FAIL"),
        ([slow, slow, slow, good], "INCONCLUSIVE"),
    ):
        assert patiently(iter(said).__next__).result == result
