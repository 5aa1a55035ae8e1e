"""The edge's container, and another that takes its place without a connection lost.

It works in this machine's own network, where a listening socket can be handed from one container
to the next; a port that Docker publishes belongs to one container and closes with it.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.errors import UnhealthyError
from bough_components.local import containers, looking
from bough_components.local.edge import control, routes

if TYPE_CHECKING:
    from docker.models.containers import Container

    from bough_components.local.containers import Plan
    from bough_components.local.home import Home

LEAVING_SECONDS = 10.0
"""How long a replacement waits for the clients of the edge before it; who stays longer is not cut
off, and that edge ends with the last of them."""

_START_SECONDS = 60.0
_RUN = "/run/haproxy"


def planned(home: Home, plan: Plan) -> Plan:
    """The plan of an engine's container, as the edge needs it.

    It asks the edge that runs for its listening sockets and makes its own where there is none.
    """
    token = secrets.token_hex(4)
    sockets = ("-S", f"{_RUN}/{control.socket_name(token)}", "-x", f"{_RUN}/listeners.sock")
    port = home.settings.ports["edge"]
    return replace(
        plan,
        labels={**plan.labels, names.LABEL_INSTANCE: token},
        network=containers.HOST_NETWORK,
        aliases=(),
        entrypoint=(*(plan.entrypoint or ()), *sockets),
        binds={**plan.binds, str(control.folder(home)): (_RUN, True)},
        tmpfs=tuple(path for path in plan.tmpfs if path != _RUN),
        ports={},
        health=("bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"),
    )


def can_hand_over(edge: Container) -> bool:
    """Whether it runs, and where its sockets can be had."""
    mode = edge.attrs["HostConfig"]["NetworkMode"]
    return edge.status == "running" and mode == containers.HOST_NETWORK


def hand_over(home: Home, old: Container, plan: Plan) -> Container:
    """Start a new edge beside the old one, whose sockets it takes, then let the old one go.

    Raises `UnhealthyError` when the new one does not serve; the old one still does.
    """
    with routes.lock(home):
        old.rename(f"{plan.name}.{old.labels[names.LABEL_INSTANCE]}")
        try:
            new = containers.create(plan)
            new.start()
            _wait_for(home, new)
        except Exception:
            containers.remove(plan.name)
            old.rename(plan.name)
            raise
        # signalled through Docker, it counts as stopped by hand: nothing starts it again
        old.kill("SIGUSR1")
    _wait_for_end(old)
    sweep(home)
    return new


def sweep(home: Home) -> None:
    """Remove edges that were replaced and have ended, and the sockets of those that are no more."""
    known = {each["Labels"].get(names.LABEL_INSTANCE): each for each in _all(home)}
    for found in known.values():
        if found["State"] == "exited" and _is_replaced(home, found):
            containers.remove(found["Id"])
    tokens = [token for token, found in known.items() if found["State"] != "exited"]
    kept = {control.socket_name(token) for token in tokens if token}
    for path in control.masters(home):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def remove(home: Home) -> None:
    """All of them, whoever is still connected."""
    for found in _all(home):
        containers.remove(found["Id"], stop_timeout=1)
    for path in control.masters(home):
        path.unlink(missing_ok=True)


def _all(home: Home) -> list[dict[str, Any]]:
    return looking.labelled(names.platform_labels(home.settings.name, "edge"))


def _is_replaced(home: Home, found: dict[str, Any]) -> bool:
    name = names.platform_container(home.settings.name, "edge")
    return f"/{name}" not in found["Names"]


def _wait_for(home: Home, new: Container) -> None:
    """Until a worker of the new edge serves."""
    name = control.socket_name(new.labels[names.LABEL_INSTANCE])
    deadline = time.monotonic() + _START_SECONDS
    while not any(worker.master.name == name for worker in control.workers(home)):
        new.reload()
        if new.status == "exited" or time.monotonic() > deadline:
            raise UnhealthyError(
                "the new edge does not serve; the old one still does. Its last lines",
                containers.log_tail(new),
                "mend it, then run `bough platform up` again",
            )
        time.sleep(0.05)


def _wait_for_end(old: Container) -> None:
    deadline = time.monotonic() + LEAVING_SECONDS
    while old.status == "running" and time.monotonic() < deadline:
        time.sleep(0.1)
        old.reload()
