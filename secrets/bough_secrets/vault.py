"""Vault's HTTP interface, as far as an instance may use it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from bough_secrets.errors import (
    BoughSecretsError,
    DeniedError,
    MissingError,
    RefusedError,
    UnreachableError,
)
from bough_secrets.plain_http import FAILURES, Answer, Patience, asked
from bough_secrets.sensitive import Sensitive

PATIENCE = Patience(connect=3, answer=15)  # creating a database account takes a while


class Vault:
    """One Vault, spoken to with one token; may be used from any thread."""

    def __init__(self, address: str, token: Sensitive | None = None) -> None:
        self.address = address
        self._token = token

    def read(self, path: str) -> dict[str, Any]:
        """Return the answer's JSON object. Raises MissingError, DeniedError, UnreachableError."""
        return self._request("GET", path)

    def write(self, path: str, **body: object) -> dict[str, Any]:
        """Post `body`; return the answer's JSON object, empty when there is none."""
        return self._request("POST", path, json.dumps(body))

    def _request(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        answer = self._send(method, path, body)
        if not 200 <= answer.status < 300:
            raise problem(self.address, path, answer)
        return dict(json.loads(answer.body)) if answer.body else {}

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"X-Vault-Token": self._token.reveal()} if self._token else {}
        try:
            return asked(
                self.address, method, f"/v1/{quote(path)}", headers, body=body, patience=PATIENCE
            )
        except FAILURES as error:
            kind = type(error).__name__
        # Raised out here, because what failed may carry the request with its token.
        raise UnreachableError(
            f"Vault at {self.address} did not answer ({kind})", "Check that it runs and is unsealed"
        )


def problem(address: str, path: str, answer: Answer) -> BoughSecretsError:
    """Classify an answer by its status; Vault's own words never hold a secret."""
    happened = f"Vault at {address} answered {answer.status} to {path}{_words(answer)}"
    match answer.status:
        case 400:
            return RefusedError(happened, "Ask for a new one")
        case 403:
            return DeniedError(happened, "Check the service's policy and that its token lives")
        case 404:
            return MissingError(happened, "Create it, or correct its name")
    return UnreachableError(happened, "Check that Vault is unsealed and its engines are up")


def _words(answer: Answer) -> str:
    try:
        errors = [
            " ".join(str(error).split()) for error in json.loads(answer.body).get("errors", ())
        ]
    except ValueError:
        return ""
    return f" ({'; '.join(errors)})" if errors else ""
