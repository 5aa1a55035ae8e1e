"""An HTTP server that hands every request to one function."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """A request; `token` is Vault's or Consul's header."""

    method: str
    path: str
    query: dict[str, str]
    token: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """A status and a JSON document; None sends no body."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Server:
    """Listens on a free local port from construction to `close`."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answer))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        run = self._server.serve_forever
        self._thread = threading.Thread(target=run, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(answer: Callable[[Request], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            token = self.headers.get("X-Vault-Token") or self.headers.get("X-Consul-Token") or ""
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(raw) if raw else {}
            reply = answer(Request(self.command, url.path, query, token, body))
            with contextlib.suppress(ConnectionError):  # nobody waits for it any more
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            content = b"" if reply.body is None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

        do_GET = do_POST = do_PUT = do_DELETE = _any

    return Handler
