"""The ledger's table: adding entries, reading them, and proving that nobody changed one."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from bough.ledger.entries import BEGINNING, Link, following, what_is_broken
from bough_components.errors import BoughError
from bough_components.local.home import write_private
from bough_components.local.ledger_database import ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import psycopg

    from bough.ledger.entries import Entry
    from bough_components.local.home import Home

_ONE_WRITER = 0x626F756768


def append(home: Home, entries: Iterable[Entry]) -> None:
    """Add entries in this order, those that are there already left out: all of them, or none."""
    with ledger(home) as connection:
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_WRITER])
            first = last = _last(connection)
            for entry in entries:
                if not _has(connection, entry):
                    last = following(last, entry.text)
                    _insert(connection, entry, last)
        if last != first:
            _keep(home, last)


def events(home: Home, kinds: Sequence[str], facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Entries of one of these kinds (any, when none is named) that have these facts."""
    wanted = [Jsonb({"event": kind, **facts}) for kind in kinds] or [Jsonb(facts)]
    with ledger(home) as connection:
        rows = connection.execute(
            "SELECT entry FROM entries WHERE entry::jsonb @> ANY(%s) ORDER BY number", [wanted]
        ).fetchall()
    return (entry for (entry,) in rows)


def known(home: Home, event: str, facts: dict[str, Any]) -> bool:
    """Whether there is an entry of this kind that has these facts."""
    wanted = Jsonb({"event": event, **facts})
    with ledger(home) as connection:
        found = connection.execute(
            "SELECT 1 FROM entries WHERE entry::jsonb @> %s LIMIT 1", [wanted]
        ).fetchone()
    return found is not None


def verify(home: Home) -> Link:
    """The newest link of a ledger that is whole; `BoughError` says what is wrong with it."""
    with ledger(home) as connection:
        rows = connection.execute(
            "SELECT number, entry::text, hash FROM entries ORDER BY number"
        ).fetchall()
        last = _last(connection)
    if broken := what_is_broken(rows, _kept(home)):
        raise BoughError(
            f"the ledger was changed: {broken}",
            "trust none of its approvals; compare it with a backup, and find out who could write",
        )
    return last


def newest(home: Home) -> str | None:
    """The hash of the newest entry that this machine added; None before the first."""
    kept = _kept(home)
    return kept.hash if kept else None


def _last(connection: psycopg.Connection) -> Link:
    row = connection.execute(
        "SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return Link(*row) if row else Link(0, BEGINNING)


def _has(connection: psycopg.Connection, entry: Entry) -> bool:
    row = connection.execute("SELECT 1 FROM entries WHERE id = %s", [entry.id]).fetchone()
    return row is not None


def _insert(connection: psycopg.Connection, entry: Entry, link: Link) -> None:
    connection.execute(
        "INSERT INTO entries (number, id, entry, hash) VALUES (%s, %s, %s, %s)",
        [link.number, entry.id, entry.text, link.hash],
    )


def _keep(home: Home, link: Link) -> None:
    """Remember the newest link outside the database: who rewrites it cannot rewrite this."""
    kept = _kept(home)
    if kept is None or kept.number < link.number:
        write_private(_file(home), json.dumps(asdict(link)))


def _kept(home: Home) -> Link | None:
    try:
        return Link(**json.loads(_file(home).read_text()))
    except FileNotFoundError:
        return None


def _file(home: Home) -> Path:
    return home.folder("ledger") / "newest.json"
