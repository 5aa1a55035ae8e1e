"""What bough-run is told: the shape of its file, with every default."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

SignalName = Literal["HUP", "INT", "QUIT", "TERM", "USR1", "USR2", "WINCH"]
Name = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]*$")]
Words = Annotated[tuple[str, ...], Meta(min_length=1)]
Seconds = Annotated[float, Meta(ge=0, le=86400)]


class _Model(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Reaction(_Model, frozen=True):
    """Send a signal to the program, or run another command."""

    signal: SignalName | None = None
    command: Words | None = None

    def __post_init__(self) -> None:
        if (self.signal is None) == (self.command is None):
            raise ValueError("Expected either `signal` or `command`")


Change = Literal["restart", "nothing"] | Reaction


class Template(_Model, frozen=True):
    """A Jinja2 template and where its result goes; `on_change` None: as for everything else."""

    destination: str
    source: str | None = None
    contents: str | None = None
    mode: Annotated[str, Meta(pattern="^0?[0-7]{3}$")] = "0400"
    on_change: Change | None = None

    def __post_init__(self) -> None:
        if (self.source is None) == (self.contents is None):
            raise ValueError("Expected either `source` or `contents`")


class Stop(_Model, frozen=True):
    """How the program is asked to end before a restart, and the seconds until it is killed."""

    signal: SignalName = "TERM"
    timeout: Seconds = 30


class Settings(_Model, frozen=True):
    """Durations, in seconds.

    databases, queues, secrets, services: written below `folder`, a file for each value
    drain: how long an account still works after it was replaced
    settle: how long to wait for further changes after the first one
    refresh: how often secrets, settings and services are read again
    """

    databases: tuple[Name, ...] = ()
    queues: tuple[Name, ...] = ()
    secrets: tuple[Name, ...] = ()
    services: tuple[Name, ...] = ()
    templates: tuple[Template, ...] = ()
    folder: str = "/run/bough/files"
    on_change: Change = "restart"
    stop: Stop = Stop()
    drain: Seconds = 300
    settle: Seconds = 2
    refresh: Annotated[float, Meta(ge=1, le=86400)] = 60
    allow_disk: bool = False
