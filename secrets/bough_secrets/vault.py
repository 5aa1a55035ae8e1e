"""Vault's HTTP interface, as far as an instance may use it."""

from __future__ import annotations

import threading
from typing import Any

import requests
from hvac.adapters import RawAdapter

from bough_secrets.errors import (
    BoughSecretsError,
    DeniedError,
    MissingError,
    RefusedError,
    UnreachableError,
)
from bough_secrets.sensitive import Sensitive

TIMEOUT = (3, 15)  # seconds to connect, to answer: creating a database account takes a while


class Vault:
    """One Vault, spoken to with one token; may be used from any thread.

    hvac's `Client` would fall back to VAULT_TOKEN and to a file in the home folder; its adapter
    does not. An adapter is not thread-safe, so each thread has its own.
    """

    def __init__(self, address: str, token: Sensitive | None = None) -> None:
        self.address = address
        self._token = token
        self._own = threading.local()

    def read(self, path: str) -> dict[str, Any]:
        """Return the answer's JSON object. Raises MissingError, DeniedError, UnreachableError."""
        return self._request("get", path)

    def write(self, path: str, **body: object) -> dict[str, Any]:
        """Post `body`; return the answer's JSON object, empty when there is none."""
        return self._request("post", path, json=body)

    def _request(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        response = self._send(method, path, **more)
        if not response.ok:
            raise problem(self.address, path, response)
        return dict(response.json()) if response.content else {}

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        try:
            return self._adapter().request(
                method, f"/v1/{path}", raise_exception=False, timeout=TIMEOUT, **more
            )
        except requests.RequestException as error:
            kind = type(error).__name__
        # Raised out here, because the library's exception carries the request with its token.
        raise UnreachableError(
            f"Vault at {self.address} did not answer ({kind})", "Check that it runs and is unsealed"
        )

    def _adapter(self) -> RawAdapter:
        if not hasattr(self._own, "adapter"):
            session = requests.Session()
            session.trust_env = False  # no proxy and no .netrc between an instance and its Vault
            self._own.adapter = RawAdapter(self.address, session=session)
        adapter: RawAdapter = self._own.adapter
        adapter.token = self._token.reveal() if self._token else None
        return adapter


def problem(address: str, path: str, response: requests.Response) -> BoughSecretsError:
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


def _words(response: requests.Response) -> str:
    try:
        errors = [" ".join(str(error).split()) for error in response.json().get("errors", ())]
    except ValueError:
        return ""
    return f" ({'; '.join(errors)})" if errors else ""
