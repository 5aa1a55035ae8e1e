"""Vault as this instance, whose token may be replaced while requests are under way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bough_secrets.errors import DeniedError, UnreachableError
from bough_secrets.sensitive import Sensitive
from bough_secrets.vault import Vault

OWN = "auth/token/"  # answers about the token itself are nobody's but the token keeper's


class OwnVault(Vault):
    """Tells a right that is missing from an identity that is gone.

    The first is a DeniedError as ever. The second passes, so it is an UnreachableError, and
    `doubted` is called: whoever waits patiently gets the answer under the new token.
    """

    def __init__(self, address: str, token: Sensitive) -> None:
        super().__init__(address, token)
        self.doubted: Callable[[], None] = lambda: None

    def become(self, token: Sensitive) -> None:
        """Use another token from here on, in every thread."""
        self._token = token

    def _request(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        token = self._token
        try:
            return super()._request(method, path, body)
        except DeniedError:
            if path.startswith(OWN) or (token is self._token and self._lives()):
                raise
        if token is not self._token:
            return super()._request(method, path, body)
        self.doubted()
        raise UnreachableError(
            f"Vault at {self.address} knows this instance's token no longer",
            "Try again: a new one has been asked for",
        )

    def _lives(self) -> bool:
        try:
            super()._request("GET", f"{OWN}lookup-self")
        except DeniedError:
            return False
        return True
