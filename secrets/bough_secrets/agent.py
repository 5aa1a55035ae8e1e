"""Consul's HTTP interface, as far as an instance may use it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import consul
import requests

from bough_secrets.errors import ConfigurationError, DeniedError, UnreachableError
from bough_secrets.sensitive import Sensitive

TIMEOUT = 10  # seconds


class Agent:
    """One Consul agent; may be used from any thread.

    `read_token` is asked again when Consul denies something: the token may have been replaced.
    """

    def __init__(self, address: str, read_token: Callable[[], Sensitive]) -> None:
        self.address = address
        self._read_token = read_token
        self._token = read_token()
        self._own = threading.local()

    def text(self, key: str) -> str | None:
        """Return the value of a key, None when there is none."""
        found = self._ask(lambda client: client.kv.get(key)[1])
        return _decoded(found) if found else None

    def document(self, key: str) -> dict[str, Any] | None:
        """Return the JSON object at a key, None when there is none."""
        text = self.text(key)
        try:
            return None if text is None else dict(json.loads(text))
        except (ValueError, TypeError):
            raise ConfigurationError(
                f"Consul's {key!r} holds no JSON object", "Deploy the environment again"
            ) from None

    def texts(self, prefix: str) -> dict[str, str]:
        """Return all keys below a prefix, without it, and their values."""
        found = self._ask(lambda client: client.kv.get(prefix, recurse=True)[1]) or []
        return {entry["Key"].removeprefix(prefix): _decoded(entry) for entry in found}

    def healthy(self, name: str) -> list[dict[str, Any]]:
        """Return Consul's entries of a service's instances that pass every check."""
        return list(self._ask(lambda client: client.health.service(name, passing=True)[1]))

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        token = self._token
        try:
            return self._once(question)
        except DeniedError:
            self._token = self._read_token()
            if self._token == token:
                raise
        return self._once(question)

    def _once(self, question: Callable[[Any], Any]) -> Any:
        try:
            return question(self._client())
        except consul.ACLPermissionDenied as error:
            raise DeniedError(
                f"Consul at {self.address} said no ({error})", "Check this service's Consul policy"
            ) from None
        except (consul.ConsulException, requests.RequestException) as error:
            kind = type(error).__name__
        # Raised out here, because the library's exception carries the request with its token.
        raise UnreachableError(
            f"Consul at {self.address} did not answer ({kind})", "Check that it runs"
        )

    def _client(self) -> Any:
        if not hasattr(self._own, "client"):
            url = urlsplit(self.address)
            self._own.client = consul.Consul(
                url.hostname, url.port, scheme=url.scheme, verify=True, connections_timeout=TIMEOUT
            )
            self._own.client.http.session.trust_env = False
        # Set after construction, because CONSUL_HTTP_TOKEN would win over the argument.
        self._own.client.token = self._token.reveal()
        return self._own.client


def _decoded(entry: dict[str, Any]) -> str:
    return (entry["Value"] or b"").decode()
