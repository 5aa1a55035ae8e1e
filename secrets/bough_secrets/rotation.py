"""Keeping an account alive, and replacing it without a failed request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from bough_secrets.background import Background
from bough_secrets.clock import now
from bough_secrets.errors import BoughSecretsError, RefusedError
from bough_secrets.events import tell
from bough_secrets.lease import renew
from bough_secrets.retirement import Generation, Retirement
from bough_secrets.retry import Backoff
from bough_secrets.settings import Timing
from bough_secrets.status import AccountStatus, Troubles
from bough_secrets.vault import Vault

Made = TypeVar("Made", bound=Generation)


class Holder(Protocol[Made]):
    """What an application keeps while generations come and go."""

    @property
    def user(self) -> str: ...
    def swap(self, new: Made) -> Made: ...
    def close(self) -> None: ...


Held = TypeVar("Held", bound=Holder[Any])


class Rotation(Generic[Held]):
    """A background task: renews the account's lease, and rotates when that no longer helps.

    `make` opens a generation with a new account, `hold` makes what hands out the first one.
    """

    def __init__(
        self, vault: Vault, background: Background, timing: Timing, *, need: str,
        make: Callable[[], Made], hold: Callable[[Made, Callable[[], None]], Held],
    ) -> None:  # fmt: skip
        self._vault = vault
        self._background = background
        self._timing = timing
        self._need = need
        self._make = make
        self._wanted: str | None = None
        self._backoff = Backoff()
        self._troubles, self._rotations = Troubles(), 0
        first = make()
        self._lease = first.account.lease
        self.held = hold(first, self.hurry)
        background.schedule(self, self._lease.due())

    def hurry(self, reason: str = "the application asked for it") -> None:
        """Rotate as soon as the background thread is free; while it fails, not before its pause."""
        if self._wanted is None:
            self._wanted = reason
            self._background.schedule(self, 0)

    def suspect(self, user: str) -> None:
        """The server rejected an account: rotate, unless that one was replaced already."""
        if user == self.held.user:
            self.hurry("the server rejected the account")

    def orphan(self, seconds: float) -> None:
        """The account's lease ends with its token, within `seconds`: rotate now, pause or not."""
        self._lease = self._lease.ending(seconds)
        self._wanted = "this instance logged in anew"
        self._backoff.reset()
        self._background.schedule(self, 0)

    def remaining(self) -> float:
        """Seconds that the account is surely good for without another renewal."""
        return self._lease.remaining()

    def status(self) -> AccountStatus:
        return {
            "user": self.held.user,
            "age": self._lease.age(),
            "remaining": self.remaining(),
            "rotations": self._rotations,
            "failures": self._troubles.failures,
            "last_error": self._troubles.last_error,
        }

    def __call__(self) -> float:
        try:
            if reason := self._wanted or self._old() or self._not_renewed():
                self._rotate(reason)
        except BoughSecretsError as error:
            self._troubles.add(error)
            pause = self._backoff.pause(self.remaining())
            tell("account.postponed", error, need=self._need, user=self.held.user,
                 seconds=self.remaining(), pause=pause)  # fmt: skip
            return pause
        self._backoff.reset()
        return self._lease.due()

    def _old(self) -> str | None:
        old = self._lease.age() >= self._timing.rotate_at * self._timing.max_ttl
        return "it is old" if old else None

    def _not_renewed(self) -> str | None:
        try:
            self._lease = renew(self._vault, self._lease)
        except RefusedError:
            return "its lease has ended"
        return "its lease is near the end of its longest life" if self._lease.shortened else None

    def _rotate(self, reason: str) -> None:
        began, self._wanted = now(), reason
        new = self._make()
        self._wanted = None  # before the swap, so that a wish made after it is not lost
        old, lease = self.held.swap(new), self._lease
        self._lease = new.account.lease
        self._rotations += 1
        tell("account.rotated", need=self._need, old=old.account.user, new=new.account.user,
             seconds=now() - began, reason=reason)  # fmt: skip
        retirement = Retirement(self._vault, self._need, old, lease, self._timing)
        self._background.schedule(retirement, 0)
