"""Stand-ins for who is told of deployments: small servers that check what they get as the
documentation of the real ones says, on 127.0.0.1.

Each does what it is told to for the next requests (`misbehave`), then answers as documented.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import ssl

TOLERANCE = 300
"""Seconds that a webhook's time may be off."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    """`drip`: seconds between two bytes of the body; `raw`: instead of an HTTP answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0
    raw: bytes | None = None


def said(status: int, data: Any = None, **headers: str) -> Reply:
    """JSON; an underscore in a header's name stands for a hyphen."""
    body = b"" if data is None else json.dumps(data).encode()
    return Reply(status, body, {name.replace("_", "-"): text for name, text in headers.items()})


HANG = Reply(0)
HANG_UP = Reply(-1)


class Receiver:
    """Whoever is told. `requests` are all that came, `told` what it took note of."""

    needs_type: ClassVar[bool] = True

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.told: list[Any] = []
        self.url = ""
        self._next: deque[Reply] = deque()
        self._gone = threading.Event()

    def misbehave(self, *replies: Reply) -> None:
        """What it answers to the next requests, before it takes note of any."""
        self._next.extend(replies)

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def reply(self, request: Request) -> Reply:
        self.requests.append(request)
        if self._next:
            return self._next.popleft()
        json_wanted = request.method == "POST"
        if json_wanted and request.headers.get("content-type") != "application/json":
            return said(415)
        return self.answer(request)

    @contextmanager
    def serving(self, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, self._gone))
        scheme = "https" if tls else "http"
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        self.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._gone.set()
            server.shutdown()
            thread.join()
            server.server_close()


class Slack(Receiver):
    """https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""

    path = "/services/T0000/B0000/s3cr3tS3cr3tS3cr3t"

    @property
    def secret(self) -> dict[str, str]:
        return {"value": f"{self.url}{self.path}"}

    def answer(self, request: Request) -> Reply:
        if request.method != "POST" or request.path != self.path:
            return Reply(404, b"no_service")
        try:
            text = request.json["text"]
        except (ValueError, KeyError, TypeError):
            return Reply(400, b"invalid_payload")
        if not isinstance(text, str) or not text:
            return Reply(400, b"no_text")
        self.told.append(text)
        return Reply(200, b"ok")


class Rollbar(Receiver):
    """https://docs.rollbar.com/reference/post-deploy and /list-all-deploys"""

    token = "r0llbar-t0ken-3f9c1b"

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = scopes or ("post_server_item",)

    @property
    def secret(self) -> dict[str, str]:
        return {"value": self.token, "url": self.url}

    def answer(self, request: Request) -> Reply:
        if request.headers.get("x-rollbar-access-token") != self.token:
            return said(401, {"err": 1, "message": "invalid access token"})
        path = request.path.partition("?")[0].rstrip("/")
        wanted = {("POST", "/api/1/deploy"): "post_server_item", ("GET", "/api/1/deploys"): "read"}
        scope = wanted.get((request.method, path))
        if scope is None:
            return said(404, {"err": 1, "message": "not found"})
        if scope not in self.scopes:
            return said(403, {"err": 1, "message": f"insufficient privileges: {scope} required"})
        if request.method == "GET":
            return said(200, {"err": 0, "result": {"deploys": self.told[::-1][:20]}})
        return self._deploy(request.json)

    def _deploy(self, data: dict[str, Any]) -> Reply:
        for name in ("environment", "revision"):
            value = data.get(name)
            if not isinstance(value, str) or not 0 < len(value) <= 255:
                return said(422, {"err": 1, "message": f"invalid format: {name}"})
        if data.get("status", "started") not in ("started", "succeeded", "failed", "timed_out"):
            return said(422, {"err": 1, "message": "invalid status"})
        self.told.append(data)
        return said(200, {"err": 0, "data": {"deploy_id": len(self.told)}})


class Sentry(Receiver):
    """https://docs.sentry.io/api/releases/: releases are `releases`, deploys are `told`."""

    token = "sntrys_t0ken-77aa01"
    organization = "team"
    projects = frozenset({"notes", "notes-worker"})

    def __init__(self) -> None:
        super().__init__()
        self.releases: dict[str, set[str]] = {}

    @property
    def secret(self) -> dict[str, str]:
        return {"value": self.token, "url": self.url}

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return said(401, {"detail": "Invalid token"})
        prefix = f"/api/0/organizations/{self.organization}/releases/"
        rest = request.path.removeprefix(prefix)
        if rest == request.path:
            return said(404, {"detail": "The requested resource does not exist"})
        if not rest and request.method == "POST":
            return self._release(request.json)
        version, _, tail = rest.partition("/")
        version = version.replace("%40", "@")
        if tail != "deploys/" or version not in self.releases:
            return said(404, {"detail": "The requested resource does not exist"})
        if request.method == "GET":
            return said(200, [each for each in self.told if each["version"] == version])
        return self._deploy(version, request.json)

    def _release(self, data: dict[str, Any]) -> Reply:
        version, projects = data.get("version"), data.get("projects")
        if not isinstance(version, str) or not 0 < len(version) <= 200 or {*version} & {*"/\\\n\t"}:
            return said(400, {"version": ["Release name is not valid"]})
        if not isinstance(projects, list) or not {*projects} <= self.projects or not projects:
            return said(400, {"projects": ["Invalid project slugs"]})
        known = self.releases.setdefault(version, set())
        news = {*projects} - known
        known |= news
        return said(201 if news else 208, {"version": version})

    def _deploy(self, version: str, data: dict[str, Any]) -> Reply:
        environment = data.get("environment")
        if not isinstance(environment, str) or not 0 < len(environment) <= 64 or "/" in environment:
            return said(400, {"environment": ["Invalid value for environment"]})
        if len(data.get("name") or "") > 64 or not {*data["projects"]} <= self.releases[version]:
            return said(400, {"name": ["Ensure this field has no more than 64 characters."]})
        for name in ("dateStarted", "dateFinished"):
            datetime.fromisoformat(data[name])
        self.told.append({**data, "version": version})
        return said(201, {"id": str(len(self.told)), **data})


class Program(Receiver):
    """A receiver of Standard Webhooks that knows a repetition by its identifier."""

    key = b"k" * 32

    @property
    def secret(self) -> dict[str, str]:
        value = f"whsec_{base64.b64encode(self.key).decode()}"
        return {"url": f"{self.url}/hooks/s3cr3t-path", "value": value}

    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()

    def answer(self, request: Request) -> Reply:
        name, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        if abs(time.time() - int(at)) > TOLERANCE:
            return said(400, {"error": "too old"})
        signed = hmac.digest(self.key, f"{name}.{at}.".encode() + request.body, hashlib.sha256)
        expected = f"v1,{base64.b64encode(signed).decode()}"
        given = request.headers["webhook-signature"].split(" ")
        if not any(hmac.compare_digest(expected, each) for each in given):
            return said(401, {"error": "not signed"})
        if name not in self.known:
            self.known.add(name)
            self.told.append(request.json)
        return said(204)


def _handler(receiver: Receiver, gone: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): text for name, text in self.headers.items()}
            reply = receiver.reply(Request(self.command, self.path, headers, body))
            self.close_connection = True
            if reply is HANG:
                gone.wait()
            elif reply.raw is not None:
                self.wfile.write(reply.raw)
            elif reply is not HANG_UP:
                self._send(reply)

        do_GET = do_POST

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            try:
                self._body(reply)
            except OSError:
                # whoever asked has enough
                return

        def _body(self, reply: Reply) -> None:
            if not reply.drip:
                self.wfile.write(reply.body)
                return
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                if gone.wait(reply.drip):
                    return

        def log_message(self, *_: object) -> None:
            pass

    return Handler
