"""A Consul that knows keys and services, answers blocking queries, and lets nobody write."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from bough_secrets.testing.http import Reply, Request, Server

LOOK = 0.01  # seconds between two looks at whether the answer to a held question has changed


@dataclass
class FakeConsul:
    """The state is public; a service counts as healthy unless it is in `critical`.

    While it is `away` it has no leader; while it is `hung` it answers nothing at all.
    """

    token: str
    kv: dict[str, str | bytes] = field(default_factory=dict)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    critical: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    away: bool = False
    hung: bool = False
    index: int = 100

    def __post_init__(self) -> None:
        self._changed: dict[str, tuple[str, int]] = {}
        self._lock = threading.Lock()
        self._life = 1
        self.server = Server(self.answer)

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        life = self._life
        until = time.monotonic() + float(request.query.get("wait", "0").removesuffix("s"))
        reply = self._reply(request)
        while self.hung or self._held(request, reply, until):
            time.sleep(LOOK)
            if life != self._life:
                return Reply(500, "shutting down")
            reply = self._reply(request)
        return reply

    def restart(self) -> None:
        """Answer what is held, and come back as one that has counted less far."""
        self._life += 1
        self.recount()

    def recount(self) -> None:
        """Let the index go backwards, as the restoring of a snapshot does."""
        with self._lock:
            self.index = 10
            self._changed.clear()

    @property
    def held(self) -> list[Request]:
        """The requests so far that were to wait for a change."""
        return [request for request in self.requests if "index" in request.query]

    def close(self) -> None:
        self._life += 1
        self.server.close()

    def _held(self, request: Request, reply: Reply, until: float) -> bool:
        since, now = int(request.query.get("index", 0)), int(reply.headers.get("X-Consul-Index", 0))
        return 0 < now <= since and time.monotonic() < until

    def _reply(self, request: Request) -> Reply:
        if self.away:
            return Reply(500, "No cluster leader")
        if request.token != self.token or request.method != "GET":
            return Reply(403, "Permission denied")
        area, _, rest = request.path.removeprefix("/v1/").partition("/")
        match area, rest.split("/"):
            case "kv", _:
                return self._numbered(request, self._entries(rest, "recurse" in request.query))
            case "health", ["service", name]:
                return self._numbered(request, self._healthy(name), missing=200)
        return Reply(404)

    def _numbered(self, request: Request, found: list[Any], missing: int = 404) -> Reply:
        """A reply with the index of the last change of this very answer."""
        with self._lock:
            content, (known, index) = json.dumps(found), self._changed.get(request.path, ("", 0))
            if content != known:
                self.index, index = self.index + 1, self.index + 1
                self._changed[request.path] = content, index
        headers = {"X-Consul-Index": str(index)}
        return Reply(200 if found else missing, found or ([] if missing == 200 else None), headers)

    def _entries(self, key: str, recurse: bool) -> list[dict[str, str]]:
        found = [name for name in self.kv if name == key or (recurse and name.startswith(key))]
        return [{"Key": name, "Value": _encoded(self.kv[name])} for name in found]

    def _healthy(self, name: str) -> list[dict[str, Any]]:
        return [
            {
                "Service": {"Address": entry.get("address", ""), "Port": entry.get("port", 0)},
                "Node": {"Address": "127.0.0.1"},
            }
            for service_id, entry in self.services.items()
            if entry["name"] == name and service_id not in self.critical
        ]


def _encoded(value: str | bytes) -> str:
    raw = value.encode() if isinstance(value, str) else value
    return base64.b64encode(raw).decode()
