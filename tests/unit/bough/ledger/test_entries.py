"""The chain: nothing that was written can be changed, moved or taken away unseen."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bough.ledger.entries import (
    BEGINNING,
    Entry,
    Link,
    canonical,
    following,
    the_only,
    what_is_broken,
)

Rows = list[tuple[int, str, str]]
texts = st.lists(st.text(max_size=20), min_size=1, max_size=8)


def chained(entries: list[str]) -> Rows:
    last, rows = Link(0, BEGINNING), []
    for text in entries:
        last = following(last, text)
        rows.append((last.number, text, last.hash))
    return rows


def test_an_entry_says_when_who_and_what() -> None:
    entry = Entry.of(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "anna", "rotated", {"seconds": 2})
    assert entry.text == (
        '{"at":"2026-01-02T03:04:05.000+00:00","event":"rotated","seconds":2,"who":"anna"}'
    )


def test_the_only_entry_of_something_has_one_name_in_every_later_bough() -> None:
    name = the_only("asked", {"release": "r1", "stage": "prod"})
    assert name == the_only("asked", {"stage": "prod", "release": "r1"})
    assert name == "a21be50d-921d-5b53-8c9d-dde4678986fc"
    others = {the_only("told", {"release": "r1", "stage": "prod"}), the_only("asked", {})}
    assert name not in others


def test_one_text_whatever_the_order() -> None:
    assert canonical({"b": 1, "a": "ö"}) == canonical({"a": "ö", "b": 1}) == '{"a":"ö","b":1}'


@given(texts)
def test_what_was_written_is_whole(entries: list[str]) -> None:
    rows = chained(entries)
    assert what_is_broken(rows, Link(rows[-1][0], rows[-1][2])) is None


@given(texts, st.data())
def test_a_changed_entry_is_noticed(entries: list[str], data: st.DataObject) -> None:
    rows = chained(entries)
    at = data.draw(st.integers(0, len(rows) - 1))
    number, text, found = rows[at]
    rows[at] = (number, f"{text}!", found)
    assert what_is_broken(rows, None) == (
        f"entry {number} is not what was written, or one before it is gone"
    )


@given(texts, st.data())
def test_an_entry_that_is_gone_is_noticed(entries: list[str], data: st.DataObject) -> None:
    rows = chained(entries)
    kept = Link(rows[-1][0], rows[-1][2])
    gone = rows.pop(data.draw(st.integers(0, len(rows) - 1)))
    assert f"entry {gone[0]}" in (what_is_broken(rows, kept) or "")


@given(texts)
def test_a_ledger_that_was_written_anew_is_noticed(entries: list[str]) -> None:
    rows, other = chained(entries), chained([f"{text}!" for text in entries])
    kept = Link(rows[-1][0], rows[-1][2])
    assert what_is_broken(other, None) is None
    assert what_is_broken(other, kept) == (
        f"entry {kept.number} is not the one that this machine wrote"
    )
