"""A Vault that knows wrapping, AppRole, tokens, KV v2 and database accounts."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from bough_secrets.testing.http import Reply, Request, Server

GONE = Reply(400, {"errors": ["lease not found"]})
INVALID = Reply(400, {"errors": ["wrapping token is not valid or does not exist"]})
DENIED = Reply(403, {"errors": ["permission denied"]})
NOT_FOUND = Reply(404, {"errors": []})
FAILED = Reply(500, {"errors": ["internal error"]})
SEALED = Reply(503, {"errors": ["Vault is sealed"]})


@dataclass
class FakeVault:
    """The state is public: a test reads it, and changes it as an operator would.

    `ttl` is what accounts and tokens are granted, in seconds; `granted` caps an account's renewal,
    `token_granted` a token's. Paths in `forbidden` are denied, those in `failing` fail.
    """

    environment: str
    service: str
    accounts: dict[str, str] = field(default_factory=dict)
    kv: dict[str, dict[str, str]] = field(default_factory=dict)
    wrapped: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict)
    leases: dict[str, tuple[str, float]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    ttl: float = 3600
    granted: float = 3600
    token_granted: float = 3600
    sealed: bool = False
    forbidden: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._secret_ids: set[str] = set()
        self.parents: dict[str, str] = {}
        self.server = Server(self.answer)

    def wrap(self, creation_path: str | None = None) -> str:
        """Mint a wrapped credential."""
        token = f"hvs.wrap-{secrets.token_hex(4)}"
        default = f"auth/env/{self.environment}/role/{self.service}/secret-id"
        self.wrapped[token] = creation_path or default
        return token

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        path = request.path.removeprefix("/v1/")
        if self.sealed:
            return SEALED
        if path == "sys/wrapping/lookup":
            found = self.wrapped.get(request.body["token"])
            return Reply(200, {"data": {"creation_path": found}}) if found else INVALID
        if path == "sys/wrapping/unwrap":
            return self._unwrap(request.token)
        if path == f"auth/env/{self.environment}/login":
            return self._login(request.body)
        if request.token not in self.tokens or path in self.forbidden:
            return DENIED
        return FAILED if path in self.failing else self._authenticated(request, path)

    def _unwrap(self, token: str) -> Reply:
        if self.wrapped.pop(token, None) is None:
            return INVALID
        self._secret_ids.add(secret_id := secrets.token_hex(8))
        return Reply(200, {"data": {"secret_id": secret_id}})

    def _login(self, body: dict[str, Any]) -> Reply:
        known = body["role_id"] == f"{self.environment}.{self.service}"
        if not known or body["secret_id"] not in self._secret_ids:
            return Reply(400, {"errors": ["invalid role or secret ID"]})
        self._secret_ids.remove(body["secret_id"])
        token = f"hvs.{secrets.token_hex(8)}"
        self.tokens[token] = self.ttl
        return Reply(200, {"auth": {"client_token": token, "lease_duration": self.ttl}})

    def _authenticated(self, request: Request, path: str) -> Reply:  # noqa: PLR0911 - a route each
        match path:
            case "auth/token/lookup-self":
                return Reply(200, {"data": self._about()})
            case "auth/token/renew-self":
                return Reply(200, {"auth": {"lease_duration": min(self.ttl, self.token_granted)}})
            case "auth/token/revoke-self":
                self.revoke_token(request.token)
                return Reply(204)
            case "sys/leases/renew":
                return self._renew(request.body)
        if path in self.kv:
            metadata = {"version": 1}
            return Reply(200, {"data": {"data": self.kv[path], "metadata": metadata}})
        needs = [f"env/{self.environment}/need/{need}/creds" for need in ("db", "shop", "jobs")]
        if path in [f"{need}/{self.service}" for need in needs]:
            return self._account(path, request.token)
        return NOT_FOUND

    def _about(self) -> dict[str, Any]:
        path = f"auth/env/{self.environment}/login"
        meta = {"role_name": self.service}
        return {"path": path, "meta": meta, "ttl": self.ttl, "period": self.ttl}

    def _account(self, path: str, token: str) -> Reply:
        user, password = f"v-{secrets.token_hex(4)}", secrets.token_hex(8)
        self.accounts[user] = password
        lease = f"{path}/{secrets.token_hex(4)}"
        self.leases[lease] = (user, time.monotonic() + self.ttl)
        self.parents[user] = token
        data = {"username": user, "password": password}
        return Reply(200, {"lease_id": lease, "lease_duration": self.ttl, "data": data})

    def _renew(self, body: dict[str, Any]) -> Reply:
        if body["lease_id"] not in self.leases:
            return GONE
        user, _ = self.leases[body["lease_id"]]
        duration = min(body["increment"], self.granted)
        self.leases[body["lease_id"]] = (user, time.monotonic() + duration)
        return Reply(200, {"lease_id": body["lease_id"], "lease_duration": duration})

    def revoke_token(self, token: str) -> list[str]:
        """Revoke a token, and with it what was lent to it; return the users that this ended."""
        del self.tokens[token]
        users = [user for user, parent in self.parents.items() if parent == token]
        for user in users:
            self.revoke(user)
        return users

    def revoke(self, user: str) -> None:
        """Revoke an account as an operator would, without asking the instance."""
        self.accounts.pop(user, None)
        self.leases = {id: lease for id, lease in self.leases.items() if lease[0] != user}
