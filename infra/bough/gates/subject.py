"""What a gate judges: a release where it was deployed, and what it would meet next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bough_components.local import registry
from bough_components.local.home import Home
from bough_components.spec import Step


def silent(_line: str) -> None:
    """Hears what is reported and does nothing with it."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """A release, by its name of 64 hex digits and its record (ADR 29); `migrations` are the steps
    of its needs, `config` its settings."""

    id: str
    record: Mapping[str, Any]
    migrations: Mapping[str, Step] = field(default_factory=dict)
    config: Mapping[str, str] = field(default_factory=dict)

    @property
    def application(self) -> str:
        name: str = self.record["application"]
        return name

    def image(self, home: Home, service: str) -> str:
        """The image of a service, by digest, as this platform's registry has it."""
        return f"{registry.host(home)}/{self.record['images'][service]}"

    def schema(self, need: str) -> str:
        """The revision of a database's schema."""
        revision: str = self.record["schema"][need]
        return revision


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A stage, its environment's slug, and the release that serves there; None before the first."""

    stage: str
    environment: str
    release: Release | None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A release in the environment of a stage.

    `previous` served there before it; `ahead` are the stages that it would be promoted to. With
    these `headers` a request to `url` comes to the release, while it is a canary too.
    """

    home: Home
    release: Release
    stage: str
    environment: str
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    previous: Release | None = None
    ahead: tuple[Serving, ...] = ()
    report: Callable[[str], None] = silent
