"""The edge's configuration, whole, from the routes on file; pure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING

from bough_components.local.edge.routing import PARTS, canary_backend

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bough_components.local.edge.routing import Canary, Routing

CONFIGURATION, SHARES, WAITING = "haproxy.cfg", "shares.map", "waiting.lua"

SERVER = (
    "check inter 1s fastinter 200ms downinter 200ms fall 2 rise 1 maxconn 256 pool-purge-delay 1s"
)
"""How every server is treated, in the file and when it is added to a running edge.

Idle connections are given up before an application that keeps them for 5 s can do so.
"""


def render(routings: Iterable[Routing], port: int) -> str:
    """The whole of haproxy.cfg for an edge on `port` of 127.0.0.1.

    Its generation tells which backends there are, and not which servers they have: those change
    while the edge runs.
    """
    ordered = sorted(routings, key=lambda routing: routing.slug)
    bare = [replace(routing, servers=[], canary=_bare(routing)) for routing in ordered]
    text = _fill(bare, port, "") + waiting()
    generation = hashlib.sha256(text.encode()).hexdigest()[:16]
    return _fill(ordered, port, generation)


def generation_of(configuration: str) -> str:
    """The mark by which a running edge tells which configuration it serves."""
    return configuration.partition("# generation ")[2].partition("\n")[0]


def shares(routings: Iterable[Routing]) -> dict[str, str]:
    """For each environment with a canary its release and its share, in parts of `PARTS`."""
    ordered = sorted(routings, key=lambda routing: routing.slug)
    return {
        routing.slug: f"{routing.canary.release}:{routing.canary.parts}"
        for routing in ordered
        if routing.canary
    }


def shares_text(routings: Iterable[Routing]) -> str:
    """`shares` as the file that a starting edge reads."""
    return "".join(f"{slug} {share}\n" for slug, share in shares(routings).items())


def waiting() -> str:
    """The program that lets requests wait for a server."""
    return files(__package__).joinpath(WAITING).read_text()


def template() -> str:
    return files(__package__).joinpath("haproxy.cfg.j2").read_text()


def _bare(routing: Routing) -> Canary | None:
    return replace(routing.canary, release="", servers=[], share=0) if routing.canary else None


def _fill(routings: list[Routing], port: int, generation: str) -> str:
    from jinja2 import StrictUndefined, Template

    text: str = Template(
        template(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    ).render(
        routings=routings,
        port=port,
        generation=generation,
        server_options=SERVER,
        parts=PARTS,
        canary=canary_backend,
    )
    return text
