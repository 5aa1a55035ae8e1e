"""A small Docker engine on a local port: the few calls that finding an image takes."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from docker import APIClient

from bough_components.local.images import Workshop

IMAGE_ID = "sha256:" + "1" * 64
DIGEST = "sha256:" + "d" * 64


class Engine(ThreadingHTTPServer):
    """offers: reference to the status with which its registry answers; silent: seconds before."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Calls)
        self.images: dict[str, dict[str, object]] = {}
        self.offers: dict[str, int] = {}
        self.silent = 0.0
        self.broken_pull = False
        self.asked: list[str] = []

    def hold(self, reference: str, digests: tuple[str, ...] = (), **labels: str) -> None:
        config = {"Labels": labels or None}
        self.images[reference] = {"Id": IMAGE_ID, "RepoDigests": digests, "Config": config}


class Calls(BaseHTTPRequestHandler):
    server: Engine

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.removesuffix("/json")
        kind, _, reference = path.removeprefix("/v1.41/").partition("/")
        self.server.asked.append(f"{kind} {reference}")
        if kind == "images":
            image = self.server.images.get(reference)
            self._answer(200 if image else 404, image or {"message": "No such image"})
        else:
            time.sleep(self.server.silent)
            status = self.server.offers.get(reference, 500)
            self._answer(status, {"message": f"registry says {status}"})

    def do_POST(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        name, tag = query["fromImage"][0], query["tag"][0]
        self.server.asked.append(f"pull {name}:{tag}")
        if self.server.broken_pull:
            self._answer(200, {"error": "unexpected EOF"})
            return
        self.server.hold(f"{name}:{tag}", digests=(f"{name}@{DIGEST}",))
        self._answer(200, {"status": "Pull complete", "id": "abc"})

    def _answer(self, status: int, body: object) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as engine:
        thread = threading.Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield engine
        engine.shutdown()
        thread.join()


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def workshop(engine: Engine, tmp_path: Path, lines: list[str]) -> Iterator[Workshop]:
    client = APIClient(f"http://127.0.0.1:{engine.server_port}", version="1.41")
    yield Workshop(engine=client, cache=tmp_path, binaries={}, report=lines.append, patience=0.3)
    client.close()
