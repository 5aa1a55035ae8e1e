from datetime import UTC, datetime, timedelta
from typing import Any

from bough.rotation_schedule import due

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def event(what: str, days_ago: float, slug: str = "main") -> dict[str, Any]:
    at = (NOW - timedelta(days=days_ago)).isoformat()
    return {"at": at, "event": what, "environment": slug}


def test_an_environment_is_due_a_while_after_it_was_first_deployed() -> None:
    assert due(["main"], [event("deployed", 7)], NOW, WEEK) == ["main"]
    assert due(["main"], [event("deployed", 6.9)], NOW, WEEK) == []


def test_a_later_deployment_puts_nothing_off() -> None:
    assert due(["main"], [event("deployed", 8), event("deployed", 1)], NOW, WEEK) == ["main"]


def test_a_rotation_does_wherever_it_came_from() -> None:
    assert due(["main"], [event("deployed", 20), event("rotated", 3)], NOW, WEEK) == []
    assert due(["main"], [event("deployed", 20), event("rotated", 8)], NOW, WEEK) == ["main"]


def test_another_environment_of_the_same_name_begins_anew() -> None:
    events = [event("deployed", 20), event("destroyed", 5), event("deployed", 4)]
    assert due(["main"], events, NOW, WEEK) == []


def test_only_what_is_there_is_due() -> None:
    events = [event("deployed", 20, "gone"), event("deployed", 20), {"at": "", "event": "other"}]
    assert due(["main", "new"], events, NOW, WEEK) == ["main"]
