"""A database account for connections that another program opens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import quote

from bough_secrets.account import Account, Location
from bough_secrets.sensitive import Sensitive


class Lent:
    """One account in another program's hands.

    Nobody can say when that program has closed its last connection: once it was replaced, an
    account counts as in use for `drain` seconds.
    """

    def __init__(self, account: Account, location: Location, drain: float) -> None:
        self.account = account
        self.location = location
        self._drain = drain
        self._replaced: float | None = None

    @property
    def out(self) -> int:
        """1 while the other program may still use it."""
        return int(self._replaced is None or time.monotonic() < self._replaced + self._drain)

    @property
    def url(self) -> Sensitive:
        """`postgresql://user:password@host:port/database`"""
        user, password = quote(self.account.user, ""), quote(self.account.password.reveal(), "")
        at = f"{self.location.host}:{self.location.port}/{quote(self.location.database, '')}"
        return Sensitive(f"postgresql://{user}:{password}@{at}")

    def close(self) -> None:
        """From here on it is the account before."""
        self._replaced = time.monotonic()


class Lending:
    """The account to use at this moment; may be used from any thread.

    `changed` is called after each rotation, on the session's own thread: return at once.
    """

    def __init__(self, first: Lent, hurry: Callable[[], None], changed: Callable[[], None]) -> None:
        self._current = first
        self._hurry = hurry
        self._changed = changed
        self._lock = threading.Lock()

    @property
    def current(self) -> Lent:
        """The account of this moment: read all that belongs together from one."""
        return self._current

    @property
    def user(self) -> str:
        """The account's name at this moment."""
        return self._current.account.user

    def rotate(self) -> None:
        """Ask for a new account now; returns at once."""
        self._hurry()

    def swap(self, new: Lent) -> Lent:
        """Lend `new` from here on; return the account that it replaces."""
        with self._lock:
            old, self._current = self._current, new
        old.close()
        self._changed()
        return old

    def close(self) -> None:
        """Nothing of the other program's is ours to close."""
