"""A Consul that knows keys and services, and lets nobody write."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from bough_secrets.testing.http import Reply, Request, Server


@dataclass
class FakeConsul:
    """The state is public; a service counts as healthy unless it is in `critical`."""

    token: str
    kv: dict[str, str] = field(default_factory=dict)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    critical: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    away: bool = False

    def __post_init__(self) -> None:
        self.server = Server(self.answer)

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.away:
            return Reply(500, "No cluster leader")
        if request.token != self.token or request.method != "GET":
            return Reply(403, "Permission denied")
        area, _, rest = request.path.removeprefix("/v1/").partition("/")
        match area, rest.split("/"):
            case "kv", _:
                return self._kv(rest, "recurse" in request.query)
            case "health", ["service", name]:
                return Reply(200, self._healthy(name))
        return Reply(404)

    def _kv(self, key: str, recurse: bool) -> Reply:
        found = [name for name in self.kv if name == key or (recurse and name.startswith(key))]
        entries = [
            {"Key": name, "Value": base64.b64encode(self.kv[name].encode()).decode()}
            for name in found
        ]
        return Reply(200, entries) if entries else Reply(404)

    def _healthy(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "Service": {"Address": entry.get("address", ""), "Port": entry.get("port", 0)},
                "Node": {"Address": "127.0.0.1"},
            }
            for service_id, entry in self.services.items()
            if entry["name"] == name and service_id not in self.critical
        ]
