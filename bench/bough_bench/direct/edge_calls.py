"""A route in HAProxy: configuration rewritten, edge reloaded, its new generation awaited."""

import re
import secrets
import time
from pathlib import Path

import docker
import requests

READY_SECONDS = 10
_BACKEND = """
backend env-{slug}
    option httpchk GET /
    http-check send hdr Host {slug}.localhost
    http-check expect rstatus ^2
    server 1 {server} check
"""


class Edge:
    """The edge in `container`, whose configuration is the file `path`, on `port` of 127.0.0.1."""

    def __init__(self, engine: docker.DockerClient, container: str, path: Path, port: int) -> None:
        self._engine, self._container, self._path = engine, container, path
        self._url = f"http://127.0.0.1:{port}/generation"

    def route(self, slug: str, server: str) -> None:
        """Serve `slug` from `server`, an address with a port, and from nothing else."""
        self._reload(self._without(slug) + _BACKEND.format(slug=slug, server=server))

    def drop(self, slug: str) -> None:
        self._reload(self._without(slug))

    def _without(self, slug: str) -> str:
        backend = rf"\nbackend env-{re.escape(slug)}\n(?:[^\n]+\n)*"
        return re.sub(backend, "", self._path.read_text())

    def _reload(self, text: str) -> None:
        old = text.partition("# generation ")[2].partition("\n")[0]
        new = secrets.token_hex(8)
        self._path.write_text(text.replace(old, new))
        self._engine.api.kill(self._container, signal="SIGUSR2")
        deadline = time.monotonic() + READY_SECONDS
        while not self._serves(new):
            if time.monotonic() > deadline:
                raise RuntimeError("the edge did not take its new configuration")
            time.sleep(0.01)

    def _serves(self, generation: str) -> bool:
        try:
            answer = requests.get(self._url, headers={"Host": "edge.bough"}, timeout=2)
        except requests.RequestException:
            return False
        return answer.text == generation
