"""An edge alone, whose servers are programs of this machine: it needs nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from tests.support import witness
from tests.support.platforms import free_port
from tests.support.waiting import until

from bough.requirements import engine_environment
from bough_components import names
from bough_components.local import edge, images
from bough_components.local.engine import EngineProvider
from bough_components.local.engine_settings import image_of, settings_mark
from bough_components.local.home import Home, Settings
from bough_components.local.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVING = Path(__file__).parents[2] / "bench" / "mixed" / "mixed.py"
SLUG = "main"
HOST = f"{SLUG}.localhost"


@dataclass(frozen=True)
class Edge:
    """A running edge; BOUGH_HOME names its home."""

    home: Home
    image: str

    @property
    def port(self) -> int:
        return self.home.settings.ports["edge"]

    def ensure(self, **changed: str) -> None:
        """Have the edge run as `changed` says; another `settings` makes another container."""
        props = {
            "platform": self.home.settings.name,
            "role": "edge",
            "image": self.image,
            "port": self.port,
            "subnet": "10.213.0.0/26",
            "settings": settings_mark("edge"),
        }
        EngineProvider().ensure({**props, **changed})

    def route(self, *servers: str, canary: edge.Canary | None = None) -> None:
        made = edge.Routing(
            slug=SLUG, host=HOST, health="/ready", servers=list(servers), canary=canary
        )
        edge.set_route(self.home, made)

    def clear(self) -> None:
        for routing in edge.routings(self.home):
            edge.drop_route(self.home, routing.slug)

    def crash(self) -> None:
        """All of its processes at once; Docker starts it again."""
        name = names.platform_container(self.home.settings.name, "edge")
        with suppress(AssertionError):
            # whoever does it may die as well
            witness.docker("exec", name, "bash", "-c", "kill -KILL -1; exit 0")

    def answers(self, text: str) -> bool:
        try:
            return self.ask().text == text
        except requests.ConnectionError:
            return False

    def ask(self, path: str = "/", host: str = HOST, **options: Any) -> requests.Response:
        headers = {"Host": host, **options.pop("headers", {})}
        url = f"http://127.0.0.1:{self.port}{path}"
        return requests.get(url, headers=headers, timeout=30, **options)


@dataclass
class Instance:
    """A program that serves as an instance does, on `server`."""

    server: str
    process: subprocess.Popen[bytes]

    def become(self, **states: int) -> None:
        requests.post(f"http://{self.server}/become", params=states, timeout=5).raise_for_status()

    def stop(self) -> int:
        """Ask it to stop, as Docker does; its exit status."""
        self.process.terminate()
        return self.process.wait(30)


@contextmanager
def instance(release: str, port: int | None = None) -> Iterator[Instance]:
    """One that is ready; it ends with the block at the latest."""
    port = port or free_port()
    environment = {**os.environ, "RELEASE": release, "PORT": str(port)}
    with subprocess.Popen([sys.executable, str(SERVING)], env=environment) as process:
        made = Instance(f"127.0.0.1:{port}", process)
        try:
            until(lambda: _is_ready(made), 20, f"{release} is ready")
            yield made
        finally:
            process.kill()


@contextmanager
def running(folder: Path) -> Iterator[Edge]:
    """An edge of its own; nothing of it is left."""
    home = Home(folder)
    home.save(Settings(name=home.default_name, ports={"edge": free_port()}))
    os.environ["PATH"] = engine_environment()["PATH"]
    image = images.resolve(image_of("edge"), workshop(home, lambda _: None))
    made = Edge(home, image.digest if image.origin != "pulled" else image.reference)
    try:
        made.ensure()
        yield made
    finally:
        EngineProvider().remove({"platform": home.settings.name, "role": "edge"})


@contextmanager
def traffic(port: int, host: str = HOST) -> Iterator[dict[str, Any]]:
    """Mixed traffic until the block ends; what came of each kind is in the mapping afterwards."""
    found: dict[str, Any] = {}
    command = [sys.executable, "-m", "bough_bench.traffic", host, str(port)]
    environment = {**os.environ, "PYTHONPATH": str(SERVING.parents[1])}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield found
        finally:
            output, _ = process.communicate("", timeout=90)
    found |= json.loads(output)


def failures(found: dict[str, Any]) -> dict[str, Any]:
    """What failed, by kind of request and by how."""
    return {kind: facts["failures"] for kind, facts in found.items() if facts["failures"]}


def _is_ready(made: Instance) -> bool:
    try:
        return requests.get(f"http://{made.server}/ready", timeout=5).ok
    except requests.ConnectionError:
        return False
