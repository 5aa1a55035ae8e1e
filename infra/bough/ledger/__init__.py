"""The record of what happened on a platform: entries that are only ever added (ADR 29).

They are kept in the platform's PostgreSQL. `record` leaves an entry on this machine's disk, from
where it follows at once when somebody reads, else within a second by the keeper: so no command
waits for its record, or fails because of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bough import user
from bough.ledger import waiting
from bough.ledger.entries import Entry, Link, the_only

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bough_components.local.home import Home


def record(home: Home, event: str, **facts: Any) -> None:
    """Add an event, with the time (ISO 8601, UTC) and who it was; on disk on return. No secrets."""
    waiting.leave(home, Entry.of(datetime.now(UTC), user.name(), event, facts))


def record_once(home: Home, event: str, about: Mapping[str, str], **facts: Any) -> None:
    """As `record`, but of one event about one thing only the first is added, whoever else records
    it at the same time."""
    name = the_only(event, about)
    entry = Entry.of(datetime.now(UTC), user.name(), event, {**about, **facts}, name)
    waiting.leave(home, entry)


def flush(home: Home) -> int:
    """Add what waits to the ledger; how many. Raises `UnavailableError` while it is away."""
    found = waiting.waiting(home)
    if found:
        from bough.ledger import store

        store.append(home, found.values())
        for path in found:
            path.unlink(missing_ok=True)
    return len(found)


def events(home: Home, *kinds: str, **facts: Any) -> Iterator[dict[str, Any]]:
    """Events of these kinds with these facts, oldest first; all of them without any.

    Raises `UnavailableError` while the ledger is away; a platform that was never set up has none.
    """
    from bough.ledger import store

    if not home.exists:
        return iter(())
    flush(home)
    return store.events(home, kinds, facts)


def known(home: Home, event: str, **facts: Any) -> bool:
    """Whether such an event was recorded. Raises what `events` does."""
    from bough.ledger import store

    if not home.exists:
        return False
    flush(home)
    return store.known(home, event, facts)


def newest(home: Home) -> str | None:
    """Changes whenever an entry is added; asked of a file, so often is fine."""
    from bough.ledger import store

    return store.newest(home)


def verify(home: Home) -> Link:
    """The newest link of the ledger's chain; `BoughError` when an entry was changed or is gone."""
    from bough.ledger import store

    flush(home)
    return store.verify(home)
