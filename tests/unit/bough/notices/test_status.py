from datetime import UTC, datetime, timedelta

from tests.unit.bough.notices.history import AT, declared, deployed, entry, words

from bough.notices.due import outstanding
from bough.notices.journal import Tried
from bough.notices.status import line, rows

NOW = datetime.fromisoformat(AT)
DEAD = entry("notice given up") | {
    **{"notice": "0" * 32, "kind": "slack", "secret": "chat", "of": "deployed", "happened": AT},
    **{"environment": "notes-production", "stage": "production", "tries": 3},
    "why": "it answered 410",
}


def test_what_was_given_up_is_shown_for_a_week() -> None:
    (row,) = rows([DEAD], {}, NOW + timedelta(days=6))
    assert line(row) == (
        'notice "deployed" of notes-production for slack (chat) was given up after 3 tries:'
        " it answered 410"
    )
    assert rows([DEAD], {}, NOW + timedelta(days=8)) == []


def test_what_waits_is_shown_with_its_reason() -> None:
    entries = [declared(words("slack")), deployed()]
    (delivery,) = outstanding(entries)
    (row,) = rows(entries, {delivery.id: Tried(1, 0, "it answered 500")}, NOW)
    assert line(row) == (
        'notice "deployed" of notes-production for slack (slack-1) waits, after 1 try:'
        " it answered 500"
    )
    (row,) = rows(entries, {}, NOW)
    assert line(row).endswith("waits, after 0 tries: not tried yet")


def test_the_dead_come_first() -> None:
    entries = [declared(words("slack")), deployed(), DEAD]
    assert [row["state"] for row in rows(entries, {}, datetime.now(UTC))][-1] == "waits"
    assert [row["state"] for row in rows(entries, {}, NOW)] == ["given up", "waits"]


def test_a_notice_of_every_stage_names_no_environment() -> None:
    (row,) = rows([{**DEAD, "environment": None}], {}, NOW)
    assert line(row).startswith('notice "deployed" for slack (chat) was given up')
