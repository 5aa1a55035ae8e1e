"""Stopping a server when nobody needs it any more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bough_components.local.edge import control

if TYPE_CHECKING:
    from bough_components.local.home import Home

_POLL = 0.1


def drain(home: Home, server: str, seconds: float) -> bool:
    """Send `server` (`address:port`) nothing new and wait until nothing is in flight to it, from
    any worker; whether that came true within `seconds`.

    A worker may have chosen it in the very moment in which it was told not to, so the first look
    comes a little later.
    """
    deadline = time.monotonic() + seconds
    for worker in control.workers(home)[:1]:
        _set_state(worker, server, "drain")
    while True:
        time.sleep(_POLL)
        if not in_flight(home, server):
            return True
        if time.monotonic() > deadline:
            return False


def in_flight(home: Home, server: str) -> int:
    """Requests, uploads and streams of a server, in all workers, those that are leaving too."""
    return sum(
        each.busy
        for worker in control.workers(home)
        for there in control.servers(worker).values()
        for each in there
        if each.name == server
    )


def forget(home: Home, server: str) -> None:
    """Take a server that was stopped from the edge: another may get its address."""
    for worker in control.workers(home)[:1]:
        for backend in _set_state(worker, server, "maint"):
            control.ask(worker, f"del server {backend}/{server}")


def _set_state(worker: control.Worker, server: str, state: str) -> list[str]:
    """Where that server is, and now in that state."""
    backends = [
        backend
        for backend, there in control.servers(worker).items()
        if any(each.name == server for each in there)
    ]
    for backend in backends:
        control.ask(worker, f"set server {backend}/{server} state {state}")
    return backends
