"""Keeping a database's account alive, and replacing it without a failed request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from bough_secrets.background import Background
from bough_secrets.database import Database
from bough_secrets.errors import BoughSecretsError, RefusedError, UnreachableError
from bough_secrets.generation import Generation
from bough_secrets.lease import Lease, renew
from bough_secrets.retry import Backoff
from bough_secrets.settings import Timing
from bough_secrets.vault import Vault

log = logging.getLogger("bough_secrets")

Make = Callable[[], Generation]


class Rotation:
    """A background task: renews the account's lease, and rotates when that no longer helps."""

    def __init__(self, vault: Vault, background: Background, timing: Timing, make: Make) -> None:
        self._vault = vault
        self._background = background
        self._timing = timing
        self._make = make
        self._wanted = False
        self._backoff = Backoff()
        first = make()
        self._lease = first.account.lease
        self.database = Database(first, self.hurry)
        background.schedule(self, self._lease.due())

    def hurry(self) -> None:
        """Rotate as soon as the background thread is free; while it fails, not before its pause."""
        if not self._wanted:
            self._wanted = True
            self._background.schedule(self, 0)

    def suspect(self, user: str) -> None:
        """The server rejected an account: rotate, unless that one was replaced already."""
        if user == self.database.user:
            self.hurry()

    def __call__(self) -> float:
        try:
            if self._wanted or self._old() or not self._renewed():
                self._rotate()
        except BoughSecretsError as error:
            pause, left = self._backoff.pause(), self._lease.remaining()
            log.warning("account %s kept, good for %.0f s more, again in %.1f s: %s",
                        self.database.user, left, pause, error)  # fmt: skip
            return pause
        self._backoff.reset()
        return self._lease.due()

    def _old(self) -> bool:
        return self._lease.age() >= self._timing.rotate_at * self._timing.max_ttl

    def _renewed(self) -> bool:
        try:
            self._lease = renew(self._vault, self._lease)
        except RefusedError:
            return False
        return not self._lease.shortened

    def _rotate(self) -> None:
        self._wanted = True
        new = self._make()
        self._wanted = False  # before the swap, so that a wish made after it is not lost
        old, lease = self.database.swap(new), self._lease
        self._lease = new.account.lease
        log.info("database account %s replaced by %s", old.account.user, new.account.user)
        self._background.schedule(Retirement(self._vault, old, lease, self._timing), 0)


class Retirement:
    """A background task: once the old connections are back, cuts the old lease short.

    Renewing for a few seconds needs no right to revoke, and holds if the application dies now.
    """

    def __init__(self, vault: Vault, old: Generation, lease: Lease, timing: Timing) -> None:
        self._vault, self._old, self._lease = vault, old, lease
        self._linger = timing.linger
        self._deadline = time.monotonic() + timing.drain
        self._backoff = Backoff()

    def __call__(self) -> float | None:
        if self._old.out and time.monotonic() < self._deadline:
            return 0.5
        if self._old.out:
            log.warning("%d connections of %s are still in use; they end within %d s",
                        self._old.out, self._old.account.user, self._linger)  # fmt: skip
        try:
            renew(self._vault, self._lease, self._linger)
        except UnreachableError:
            return self._backoff.pause() if self._lease.remaining() else None
        except BoughSecretsError as error:
            log.info("old account %s has ended already: %s", self._old.account.user, error)
        return None
