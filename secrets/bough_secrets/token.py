"""Keeping the identity: the Vault token is renewed, or replaced by a new one."""

from __future__ import annotations

from collections.abc import Callable

from bough_secrets.background import Background
from bough_secrets.clock import now
from bough_secrets.credential import Login
from bough_secrets.errors import BoughSecretsError, DeniedError
from bough_secrets.events import tell
from bough_secrets.lease import Lease
from bough_secrets.own_vault import OwnVault
from bough_secrets.relogin import Relogin
from bough_secrets.retry import Backoff
from bough_secrets.status import TokenStatus, Troubles

NEAR_END = 0.2  # share of a token's life: when so little is left, another one is asked for


class TokenKeeper:
    """A background task that renews the token; `lost` while Vault knows none of this instance.

    `regained` is called after every new login, with the seconds that what was lent to the old
    token may still be good for.
    """

    def __init__(
        self, background: Background, vault: OwnVault, lease: Lease, relogin: Relogin, *,
        troubles: Troubles, regained: Callable[[float], None],
    ) -> None:  # fmt: skip
        self.lost = False
        self._background, self._vault = background, vault
        self._lease = lease
        self._relogin = relogin
        self._troubles, self._relogins = troubles, 0
        self._regained = regained
        self._lost_at = 0.0
        self._backoff = Backoff(longest=30)
        vault.doubted = self.hurry
        background.schedule(self, lease.due())

    def hurry(self) -> None:
        """Renew as soon as the background thread is free: somebody doubts that the token lives."""
        if not self.lost:
            self._background.schedule(self, 0)

    def remaining(self) -> float:
        """Seconds that the token is surely good for without another renewal."""
        return 0.0 if self.lost else self._lease.remaining()

    def status(self) -> TokenStatus:
        return {
            "age": self._lease.age(),
            "remaining": self.remaining(),
            "relogins": self._relogins,
            "failures": self._troubles.failures,
            "last_error": self._troubles.last_error,
        }

    def __call__(self) -> float | None:
        if self.lost:
            return None
        asked = now()
        try:
            answer = self._vault.write("auth/token/renew-self")
        except DeniedError as error:
            self._lose(error)
            return None
        except BoughSecretsError as error:
            return self._postponed(error)
        self._lease = self._lease.renewed(answer["auth"]["lease_duration"], asked=asked)
        self._backoff.reset()
        if self._lease.shortened:
            self._relogin.begin("the token is near the end of its longest life", self._adopt)
        return self._lease.due()

    def _lose(self, error: DeniedError) -> None:
        self._troubles.add(error)
        self.lost, self._lost_at = True, now()
        tell("identity.lost", error)
        self._relogin.begin("the token was revoked, or it expired", self._adopt)

    def _postponed(self, error: BoughSecretsError) -> float:
        self._troubles.add(error)
        left = self._lease.remaining()
        pause = self._backoff.pause(left)
        tell("token.not-renewed", error, seconds=left, pause=pause)
        if left < NEAR_END * self._lease.full:
            self._relogin.begin("the token could not be renewed and ends soon", self._adopt)
        return pause

    def _adopt(self, login: Login) -> None:
        left, away = self.remaining(), now() - self._lost_at if self.lost else 0.0
        self._vault.become(login.token)
        self._lease, self.lost = login.lease, False
        self._relogins += 1
        self._backoff.reset()
        self._background.schedule(self, login.lease.due())
        tell("identity.regained", seconds=away)
        self._regained(left)
