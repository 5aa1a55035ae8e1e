"""Keeping the Vault token alive."""

from __future__ import annotations

import logging

from bough_secrets.errors import BoughSecretsError, DeniedError
from bough_secrets.lease import Lease
from bough_secrets.retry import Backoff
from bough_secrets.vault import Vault

log = logging.getLogger("bough_secrets")


class TokenKeeper:
    """A background task that renews the token; `lost` once Vault no longer knows it."""

    def __init__(self, vault: Vault, lease: Lease) -> None:
        self.lost = False
        self._vault = vault
        self._lease = lease
        self._backoff = Backoff(longest=30)

    def __call__(self) -> float | None:
        try:
            answer = self._vault.write("auth/token/renew-self")
        except DeniedError as error:
            self.lost = True
            log.error("the Vault token was revoked or expired; replace this instance: %s", error)
            return None
        except BoughSecretsError as error:
            pause = self._backoff.pause()
            left = self._lease.remaining()
            log.warning("token not renewed, good for %.0f s more, again in %.1f s: %s",
                        left, pause, error)  # fmt: skip
            return pause
        self._lease = self._lease.renewed(answer["auth"]["lease_duration"])
        self._backoff.reset()
        return self._lease.due()
