"""What waits, and what never arrived, for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bough.notices.due import ENTRIES, GIVEN_UP, outstanding
from bough.notices.journal import Journal, Tried

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bough_components.local.home import Home

SHOWN = timedelta(days=7)
"""For how long a notice that was given up is shown; the ledger keeps it."""


def undelivered(home: Home, environment: str | None = None) -> list[dict[str, Any]]:
    """A row for each notice that waits or was given up: of one environment, or of all.

    Raises `UnavailableError` while the ledger is away.
    """
    from bough import ledger

    found = rows(ledger.events(home, *ENTRIES), Journal.of(home).read(), datetime.now(UTC))
    return [row for row in found if environment in (None, row["environment"])]


def rows(
    entries: Iterable[Mapping[str, Any]], journal: Mapping[str, Tried], now: datetime
) -> list[dict[str, Any]]:
    """Given up first, then what waits, each oldest first. Pure."""
    entries = list(entries)
    dead = [
        {
            "notice": entry["of"],
            "environment": entry["environment"],
            "to": f"{entry['kind']} ({entry['secret']})",
            "happened": entry["happened"],
            "state": "given up",
            "tries": entry["tries"],
            "why": entry["why"],
        }
        for entry in entries
        if entry.get("event") == GIVEN_UP and now - datetime.fromisoformat(entry["at"]) < SHOWN
    ]
    waiting = [
        {
            "notice": each.notice.event,
            "environment": each.notice.environment,
            "to": f"{each.addressee.kind} ({each.addressee.secret})",
            "happened": each.notice.at,
            "state": "waits",
            "tries": journal.get(each.id, Tried()).tries,
            "why": journal.get(each.id, Tried()).why,
        }
        for each in outstanding(entries)
    ]
    return dead + waiting


def line(row: Mapping[str, Any]) -> str:
    """`notice "deployed" for slack (chat) was given up after 3 tries: it answered 410`"""
    state = "was given up after" if row["state"] == "given up" else "waits, after"
    tries = "1 try" if row["tries"] == 1 else f"{row['tries']} tries"
    where = f" of {row['environment']}" if row["environment"] else ""
    return f'notice "{row["notice"]}"{where} for {row["to"]} {state} {tries}: {row["why"]}'
