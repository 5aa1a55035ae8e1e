"""A release of the bench's application by `bough up`."""

from dataclasses import dataclass
from typing import Protocol

import docker
from docker.models.containers import Container

from bough.branch import slug
from bough_bench import memory
from bough_bench.application import Application
from bough_bench.sandbox import run_bough
from bough_components import names
from bough_components.local.home import Home

BRANCH = "rolling"
PORT = 8000


class Way(Protocol):
    """Something that serves `host` at `port`, and can put another release in its place."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    def release(self) -> None: ...


@dataclass(frozen=True)
class Direct:
    """An instance, asked without anything between."""

    host: str
    port: int
    address: str


class Bough:
    """An environment, its two releases in turn."""

    def __init__(self, home: Home, application: Application) -> None:
        self._home, self._application, self._next = home, application, 0

    @property
    def host(self) -> str:
        return names.host(slug(BRANCH))

    @property
    def port(self) -> int:
        return self._home.settings.ports["edge"]

    def start(self) -> None:
        """Both releases, so that both are built."""
        for _ in range(2):
            self.release()

    def release(self) -> None:
        self._application.point(BRANCH, self._next)
        run_bough(self._home, self._application.folder, "up", BRANCH)
        self._next = 1 - self._next

    def images(self) -> tuple[str, str]:
        """The image of the release that runs, then that of the other."""
        first = self._instance().attrs["Config"]["Image"]
        self.release()
        return str(first), str(self._instance().attrs["Config"]["Image"])

    def direct(self) -> Direct:
        (endpoint,) = self._instance().attrs["NetworkSettings"]["Networks"].values()
        return Direct(self.host, PORT, endpoint["IPAddress"])

    def _instance(self) -> Container:
        (found,) = memory.containers(docker.from_env(), self._home.settings.name, "instance")
        return found
