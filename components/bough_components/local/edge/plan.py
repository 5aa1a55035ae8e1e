"""What to tell a worker so that it sends requests where the routes say; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough_components.local.edge.rendering import SERVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bough_components.local.edge.control import Server

FIXED = ("onward", "nowhere")
"""Backends that are no environment's."""

_AWAY = ("DRAIN", "MAINT")


def server_changes(
    found: Mapping[str, Iterable[Server]], wanted: Mapping[str, Sequence[str]]
) -> list[str]:
    """Commands that bring a worker's servers to those `wanted` of each backend.

    What is new is added and what was away comes back before anything else goes. A server that
    goes takes no new request and finishes those it has.
    """
    known = {
        backend: {server.name: server for server in servers}
        for backend, servers in found.items()
        if backend not in FIXED
    }
    coming = [
        command
        for backend, there in known.items()
        for name in wanted.get(backend, ())
        for command in _admit(backend, name, there.get(name))
    ]
    going = [
        f"set server {backend}/{name} state drain"
        for backend, there in known.items()
        for name, server in there.items()
        if name not in wanted.get(backend, ()) and not server.status.startswith("MAINT")
    ]
    return coming + going


def share_changes(found: Mapping[str, str], wanted: Mapping[str, str], path: str) -> list[str]:
    """Commands that bring a worker's map of shares, at `path`, to what is `wanted`."""
    gone = [f"del map {path} {slug}" for slug in found if slug not in wanted]
    new = [f"add map {path} {slug} {wanted[slug]}" for slug in wanted if slug not in found]
    other = [
        f"set map {path} {slug} {wanted[slug]}"
        for slug in wanted
        if slug in found and found[slug] != wanted[slug]
    ]
    return [*gone, *new, *other]


def _admit(backend: str, name: str, server: Server | None) -> Iterator[str]:
    if server is None:
        yield f"add server {backend}/{name} {name} {SERVER}"
        yield f"enable health {backend}/{name}"
        yield f"enable server {backend}/{name}"
    elif server.status.startswith(_AWAY):
        yield f"set server {backend}/{name} state ready"
