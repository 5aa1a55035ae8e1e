"""When the ledger is read at all; what is sent then is in test_outbox."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bough import ledger
from bough.notices.journal import Journal, Tried
from bough.notices.sending import Watch
from bough_components.errors import BoughError

if TYPE_CHECKING:
    from bough_components.local.home import Home

AWAY = pytest.raises(BoughError, match="not wholly set up")
"""The ledger was read, and is not there."""


def newest(home: Home, text: str) -> None:
    link = {"number": int(text), "hash": text * 64}
    (home.folder("ledger") / "newest.json").write_text(json.dumps(link))


def seen(home: Home) -> Watch:
    """One that has looked at what is there."""
    return Watch(home, _seen=ledger.newest(home))


def test_the_first_look_reads(home: Home) -> None:
    with AWAY:
        Watch(home).look(0)


def test_nothing_new_is_not_read(home: Home) -> None:
    newest(home, "7")
    seen(home).look(0)


def test_another_entry_is(home: Home) -> None:
    newest(home, "7")
    watch = seen(home)
    newest(home, "8")
    for _ in range(2):
        # a look that failed is no look
        with AWAY:
            watch.look(0)


def test_a_try_that_is_due_is(home: Home) -> None:
    watch = seen(home)
    Journal.of(home).write("x", Tried(1, 100.0))
    watch.look(99)
    with AWAY:
        watch.look(100)
