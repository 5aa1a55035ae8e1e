"""The same releases behind kamal-proxy, whose `deploy` waits for the new one and drains the old."""

import secrets
import time
from types import TracebackType
from typing import Any, Self

import docker
import requests
from docker.models.containers import Container
from docker.types import Mount

from bough.requirements import engine_path
from bough_bench.sandbox import free_port
from bough_components import names
from bough_components.local.home import Home

PORT = 8000
DRAIN_SECONDS = 5
"""As in the application's bough.yaml."""

_STOP_SECONDS = 10
_PROGRAM = "/kamal-proxy"


class Kamal:
    """kamal-proxy in a container on this machine's network, as bough's edge is: outside of one it
    would get another share of a busy machine. Behind it containers of two images in turn."""

    host = "rolling.example"

    def __init__(self, home: Home, images: tuple[str, str]) -> None:
        self._platform, self._images, self._next = home.settings.name, images, 0
        self._engine = docker.from_env(timeout=120)
        self._running: Container | None = None
        self.port = free_port()

    def __enter__(self) -> Self:
        ports = (f"--http-port={self.port}", f"--https-port={free_port()}")
        self._proxy = self._run(
            "proxy",
            [_PROGRAM, "run", *ports],
            network_mode="host",
            environment={"HOME": "/tmp"},  # noqa: S108
            mounts=[Mount(_PROGRAM, str(engine_path("kamal-proxy")), type="bind", read_only=True)],
        )
        _wait_for(self.port)
        self.release()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for container in filter(None, (self._proxy, self._running)):
            container.remove(force=True)

    def release(self) -> None:
        """Start the new one, have kamal-proxy switch and drain, stop the old one."""
        old, new = self._running, self._start()
        (endpoint,) = new.attrs["NetworkSettings"]["Networks"].values()
        self._deploy(f"{endpoint['IPAddress']}:{PORT}")
        self._running = new
        if old:
            old.stop(timeout=_STOP_SECONDS)
            old.remove()

    def _start(self) -> Container:
        started = self._run(
            secrets.token_hex(3), ["python", "mixed.py"], environment={"PORT": str(PORT)}
        )
        self._next = 1 - self._next
        started.reload()
        return started

    def _run(self, name: str, command: list[str], **options: Any) -> Container:
        return self._engine.containers.run(
            self._images[self._next],
            command,
            name=f"{self._platform}.kamal-{name}",
            detach=True,
            init=True,
            labels={names.LABEL_PLATFORM: self._platform},
            mem_limit="128m",
            **options,
        )

    def _deploy(self, target: str) -> None:
        status, said = self._proxy.exec_run(
            [
                *(_PROGRAM, "deploy", "rolling", f"--target={target}", f"--host={self.host}"),
                *("--health-check-path=/ready", "--health-check-interval=100ms"),
                f"--drain-timeout={DRAIN_SECONDS}s",
            ]
        )
        if status:
            raise RuntimeError(f"kamal-proxy did not deploy: {said!r}")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            requests.get(f"http://127.0.0.1:{port}", timeout=2)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("kamal-proxy does not answer")
