"""Vault's HTTP interface, as far as an instance may use it."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import httpx

from bough_secrets.errors import (
    BoughSecretsError,
    DeniedError,
    MissingError,
    RefusedError,
    UnreachableError,
)
from bough_secrets.plain_http import options
from bough_secrets.sensitive import Sensitive

# Seconds to answer, to connect: creating a database account takes a while.
TIMEOUT = httpx.Timeout(15, connect=3)


class Vault:
    """One Vault, spoken to with one token; may be used from any thread, until `close`."""

    def __init__(
        self, address: str, token: Sensitive | None = None, client: httpx.Client | None = None
    ) -> None:
        self.address = address
        self._token = token
        self._client = client or httpx.Client(**options(address), timeout=TIMEOUT)

    def bearing(self, token: Sensitive) -> Vault:
        """The same Vault, spoken to with another token over the same connections."""
        return Vault(self.address, token, self._client)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def read(self, path: str) -> dict[str, Any]:
        """Return the answer's JSON object. Raises MissingError, DeniedError, UnreachableError."""
        return self._request("GET", path)

    def write(self, path: str, **body: object) -> dict[str, Any]:
        """Post `body`; return the answer's JSON object, empty when there is none."""
        return self._request("POST", path, json=body)

    def _request(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        response = self._send(method, path, **more)
        if not response.is_success:
            raise problem(self.address, path, response)
        return dict(response.json()) if response.content else {}

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"X-Vault-Token": self._token.reveal()} if self._token else {}
        try:
            return self._client.request(method, f"/v1/{path}", headers=headers, **more)
        except (httpx.HTTPError, RuntimeError) as error:  # the latter once it is closed
            kind = type(error).__name__
        # Raised out here, because the library's exception carries the request with its token.
        raise UnreachableError(
            f"Vault at {self.address} did not answer ({kind})", "Check that it runs and is unsealed"
        )

    def __enter__(self) -> Vault:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def problem(address: str, path: str, response: httpx.Response) -> BoughSecretsError:
    """Classify an answer by its status; Vault's own words never hold a secret."""
    happened = f"Vault at {address} answered {response.status_code} to {path}{_words(response)}"
    match response.status_code:
        case 400:
            return RefusedError(happened, "Ask for a new one")
        case 403:
            return DeniedError(happened, "Check the service's policy and that its token lives")
        case 404:
            return MissingError(happened, "Create it, or correct its name")
    return UnreachableError(happened, "Check that Vault is unsealed and its engines are up")


def _words(response: httpx.Response) -> str:
    try:
        errors = [" ".join(str(error).split()) for error in response.json().get("errors", ())]
    except ValueError:
        return ""
    return f" ({'; '.join(errors)})" if errors else ""
