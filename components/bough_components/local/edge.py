"""The edge's configuration: rendered from one file a route, reloaded without dropping a request."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.errors import UnavailableError
from bough_components.local.clients import LOOPBACK, docker_client, http
from bough_components.local.home import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from filelock import FileLock

    from bough_components.local.home import Home


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Where the edge sends one environment's requests; `servers` are `address:port`."""

    slug: str
    host: str
    health: str
    servers: list[str]


def render(routings: Iterable[Routing], trusted: Iterable[str]) -> str:
    """The whole of haproxy.cfg; `trusted` are the only sources, in CIDR notation, it listens to."""
    from jinja2 import StrictUndefined, Template

    template = Template(
        files(__package__).joinpath("haproxy.cfg.j2").read_text(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    ordered = sorted(routings, key=lambda routing: routing.slug)
    values = {"routings": ordered, "trusted": sorted(trusted)}
    generation = hashlib.sha256(template.render(generation="", **values).encode()).hexdigest()[:16]
    configuration: str = template.render(generation=generation, **values)
    return configuration


def generation_of(configuration: str) -> str:
    """The mark by which a running edge tells which configuration it serves."""
    return configuration.partition("# generation ")[2].partition("\n")[0]


def routings(home: Home) -> list[Routing]:
    """Every route on file."""
    return [Routing(**json.loads(path.read_text())) for path in _routes(home).glob("*.json")]


def set_route(home: Home, routing: Routing, trusted: str) -> None:
    """Serve an environment from these instances, from now on."""
    with _lock(home):
        write_private(_routes(home) / f"{routing.slug}.json", json.dumps(asdict(routing)))
        _apply(home, trusted)


def drop_route(home: Home, slug: str, trusted: str) -> None:
    """Stop serving an environment; nothing there is success."""
    with _lock(home):
        (_routes(home) / f"{slug}.json").unlink(missing_ok=True)
        _apply(home, trusted)


def configure(home: Home, trusted: str) -> None:
    """Write the configuration that a starting edge reads."""
    with _lock(home):
        _write(home, render(routings(home), [trusted]))


def _apply(home: Home, trusted: str) -> None:
    configuration = render(routings(home), [trusted])
    if not _write(home, configuration) and _serves(home, generation_of(configuration)):
        return
    container = names.platform_container(home.settings.name, "edge")
    _reload(container)
    _wait_for(home, generation_of(configuration))


def _reload(container: str) -> None:
    """From inside: a container that was ever signalled through Docker counts as stopped by hand,
    and would stay down after a crash, a restart of Docker and a reboot."""
    edge = docker_client().containers.get(container)
    if edge.exec_run(["bash", "-c", "kill -USR2 1"]).exit_code:
        raise UnavailableError(
            "the edge could not be told its new routes", "run `bough platform up`, deploy again"
        )


def _write(home: Home, configuration: str) -> bool:
    """Whether anything changed. Written in place: the container has this very folder mounted."""
    path = home.folder("edge/configuration") / "haproxy.cfg"
    if path.exists() and path.read_text() == configuration:
        return False
    path.write_text(configuration)
    path.chmod(0o644)
    return True


def _wait_for(home: Home, generation: str, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not _serves(home, generation):
        if time.monotonic() > deadline:
            raise UnavailableError(
                f"the edge does not serve configuration {generation} after {seconds:.0f} s",
                "see `bough platform status`, then run `bough platform up`",
            )
        time.sleep(0.01)


def _serves(home: Home, generation: str) -> bool:
    import requests

    try:
        url = f"http://{LOOPBACK}:{home.settings.ports['edge']}/generation"
        return http().get(url, headers={"Host": "edge.bough"}, timeout=2).text == generation
    except requests.RequestException:
        return False


def _routes(home: Home) -> Path:
    return home.folder("edge/routes")


def _lock(home: Home) -> FileLock:
    from filelock import FileLock

    return FileLock(home.folder("locks") / "edge.lock", timeout=60)
