"""The routes on file, and the running edge brought to what they say.

The files are the truth: an edge that starts reads all of them. A running one is told of servers
and shares as they change, and is reloaded only when backends come or go.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bough_components.errors import RefusedError, UnavailableError
from bough_components.local.edge import control, plan, rendering
from bough_components.local.edge.routing import Routing
from bough_components.local.home import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import FileLock

    from bough_components.local.home import Home

_INSIDE = "/etc/bough"
_RELOAD_SECONDS = 20.0


def routings(home: Home) -> list[Routing]:
    """Every route on file."""
    return [
        Routing.from_data(json.loads(path.read_text())) for path in _routes(home).glob("*.json")
    ]


def find(home: Home, slug: str) -> Routing | None:
    return next((routing for routing in routings(home) if routing.slug == slug), None)


def set_route(home: Home, routing: Routing) -> None:
    """Serve an environment so, and not otherwise, from now on; a canary that was stopped stays
    stopped until it is gone."""
    with lock(home):
        _keep(home, routing.after(find(home, routing.slug)))
        _apply(home)


def drop_route(home: Home, slug: str) -> None:
    """Stop serving an environment; nothing there is success."""
    with lock(home):
        (_routes(home) / f"{slug}.json").unlink(missing_ok=True)
        _apply(home)


def exchange(home: Home, slug: str, old: str, new: str) -> None:
    """Send the requests of one server to another, where a route has the old one."""
    with lock(home):
        routing = find(home, slug)
        if routing is None or old not in routing.servers:
            return
        kept = [server for server in routing.servers if server not in (old, new)]
        _keep(home, replace(routing, servers=[*kept, new]))
        _apply(home)


def set_share(home: Home, slug: str, share: float) -> None:
    """Give an environment's canary that share of its clients, in percent; nothing where there is
    no canary. `RefusedError` when it was stopped."""
    with lock(home):
        routing = find(home, slug)
        if routing is None or routing.canary is None:
            return
        if routing.canary.stopped:
            raise RefusedError(
                f"the canary of {slug} was stopped, and is not gone yet",
                "`bough canary stop` takes it away; then it may be started again",
            )
        _keep(home, replace(routing, canary=replace(routing.canary, share=share)))
        _apply(home)


def stop_canary(home: Home, slug: str) -> None:
    """Take all clients of an environment's canary away, for good; nothing where there is none."""
    with lock(home):
        routing = find(home, slug)
        if routing and routing.canary:
            canary = replace(routing.canary, share=0, stopped=True)
            _keep(home, replace(routing, canary=canary))
            _apply(home)


def configure(home: Home) -> None:
    """Write what a starting edge reads."""
    with lock(home):
        _write(home)


def _apply(home: Home) -> None:
    configuration = _write(home)
    wanted = rendering.generation_of(configuration)
    running = control.workers(home)
    if not running:
        raise UnavailableError(
            "the edge does not run, and could not be told its new routes",
            "run `bough platform up`, then try again",
        )
    if control.generation(running[0]) != wanted:
        control.reload(running[0].master)
        _wait_for(home, wanted)
    found = routings(home)
    groups = {name: servers for each in found for name, servers in each.groups.items()}
    shares = rendering.shares(found)
    current = control.workers(home)[0]
    _tell(current, plan.server_changes(control.servers(current), groups))
    known = _shares(current)
    if known is not None:
        _tell(current, plan.share_changes(known, shares, f"{_INSIDE}/{rendering.SHARES}"))


def _tell(worker: control.Worker, commands: list[str]) -> None:
    for command in commands:
        answer = control.ask(worker, command)
        if answer and answer != "New server registered.":
            raise UnavailableError(
                f"the edge did not do `{command}`: {answer}",
                "run `bough platform up`, deploy again",
            )


def _shares(worker: control.Worker) -> dict[str, str] | None:
    """The shares that a worker knows; None when its configuration asks for none."""
    answer = control.ask(worker, f"show map {_INSIDE}/{rendering.SHARES}")
    if "Unknown map" in answer:
        return None
    rows = (line.split() for line in answer.splitlines())
    return {row[1]: row[2] for row in rows if len(row) == 3}


def _wait_for(home: Home, generation: str) -> None:
    deadline = time.monotonic() + _RELOAD_SECONDS
    while not any(
        control.generation(worker) == generation
        for worker in control.workers(home)
        if not worker.leaving
    ):
        if time.monotonic() > deadline:
            raise UnavailableError(
                f"the edge does not serve configuration {generation} after {_RELOAD_SECONDS:.0f} s",
                "see `bough platform status`, then run `bough platform up`",
            )
        time.sleep(0.01)


def _write(home: Home) -> str:
    """The configuration, on file."""
    found = routings(home)
    configuration = rendering.render(found, home.settings.ports["edge"])
    texts = {
        rendering.CONFIGURATION: configuration,
        rendering.SHARES: rendering.shares_text(found),
        rendering.WAITING: rendering.waiting(),
    }
    for name, text in texts.items():
        _put(home.folder("edge/configuration") / name, text)
    return configuration


def _put(path: Path, text: str) -> None:
    """Whole or not at all: the edge may start at any moment. It is not the file's owner."""
    if path.exists() and path.read_text() == text:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.chmod(0o644)
    temporary.replace(path)


def _keep(home: Home, routing: Routing) -> None:
    write_private(_routes(home) / f"{routing.slug}.json", json.dumps(asdict(routing)))


def _routes(home: Home) -> Path:
    return home.folder("edge/routes")


def lock(home: Home) -> FileLock:
    """Held by whoever changes what the edge serves."""
    from filelock import FileLock

    return FileLock(home.folder("locks") / "edge.lock", timeout=60)
