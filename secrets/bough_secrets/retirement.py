"""The end of a replaced account."""

from __future__ import annotations

import contextlib
from typing import Protocol

from bough_secrets.account import Account
from bough_secrets.clock import now
from bough_secrets.errors import BoughSecretsError, UnreachableError
from bough_secrets.events import tell
from bough_secrets.lease import Lease, renew
from bough_secrets.retry import Backoff
from bough_secrets.settings import Timing
from bough_secrets.vault import Vault

POLL = 0.5  # seconds


class Generation(Protocol):
    """What is opened with one account; `out` counts what of it is in use."""

    @property
    def account(self) -> Account: ...
    @property
    def out(self) -> int: ...
    def close(self) -> None: ...


class Retirement:
    """A background task: once the old connections are back, cuts the old lease short.

    Renewing for a few seconds needs no right to revoke, and holds if the application dies now.
    """

    def __init__(
        self, vault: Vault, need: str, old: Generation, lease: Lease, timing: Timing
    ) -> None:
        self._vault, self._old, self._lease = vault, old, lease
        self._of = {"need": need, "user": old.account.user}
        self._timing = timing
        # a lease shorter than that would be lengthened
        self._linger = min(timing.linger, int(lease.full))
        self._began: float | None = None
        self._backoff = Backoff()

    def __call__(self) -> float | None:
        if self._began is None:
            self._began = now()
            self._hold()
        waited = now() - self._began
        if self._old.out and waited < self._timing.drain:
            return POLL
        try:
            renew(self._vault, self._lease, self._linger)
        except UnreachableError:
            return self._backoff.pause() if self._lease.remaining() else None
        except BoughSecretsError as error:
            tell("account.ended", error, **self._of)
            return None
        if self._old.out:
            tell("account.cut", **self._of, connections=self._old.out, seconds=waited,
                 linger=self._linger)  # fmt: skip
        else:
            tell("account.retired", **self._of, seconds=self._linger)
        return None

    def _hold(self) -> None:
        """See that what is under way may end in peace, as far as Vault lets the lease last."""
        if self._old.out and self._lease.remaining() < self._timing.drain:
            with contextlib.suppress(BoughSecretsError):
                self._lease = renew(self._vault, self._lease, self._timing.drain)
