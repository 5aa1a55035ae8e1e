"""Changing settings while instances run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough import git, settings
from bough.config import FILE_NAME, load
from bough.environments import find
from bough_components.errors import UsageError
from bough_components.local import configuration
from bough_components.local.clients import consul_client

if TYPE_CHECKING:
    from pathlib import Path

    from bough.settings import Layer, Setting
    from bough_components.local.home import Home


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a user says whom a setting concerns."""

    directory: Path
    branch: str | None = None
    application: bool = False
    stage: str | None = None


@dataclass(frozen=True)
class Target:
    """The layers that concern somebody, weakest first; of one environment when it has a slug."""

    home: Home
    layers: list[Layer]
    slug: str | None = None

    @property
    def own(self) -> Layer:
        """Where a value that is set goes."""
        return self.layers[-1]

    def in_effect(self) -> dict[str, Setting]:
        """The settings that hold, by name."""
        client = consul_client(self.home)
        return settings.effective(
            [(layer, configuration.read(client, layer.prefix)) for layer in self.layers]
        )

    def get(self, name: str) -> Setting:
        """`NotFoundError` when no layer has it."""
        known = self.in_effect()
        if name not in known:
            raise settings.missing(name, self.layers, known)
        return known[name]

    def set(self, name: str, value: str) -> None:
        """Make it so; `NotFoundError` when the environment is gone."""
        client = consul_client(self.home)
        if self.slug:
            configuration.write_override(client, self.slug, name, value)
        else:
            configuration.write(client, f"{self.own.prefix}{name}", value)

    def unset(self, name: str) -> None:
        """Take it back; `NotFoundError` when it is not set right there."""
        known = self.in_effect()
        if name not in known or known[name].layer != self.own:
            raise settings.missing(name, self.layers, known)
        configuration.erase(consul_client(self.home), f"{self.own.prefix}{name}")


def target(home: Home, words: Words) -> Target:
    """Whom the words mean: by default the environment of the branch that is checked out."""
    if sum((bool(words.branch), words.application, words.stage is not None)) > 1:
        raise UsageError("BRANCH, --application and --stage exclude each other", "give one of them")
    if words.stage is not None:
        settings.check_stage(words.stage)
        return Target(home, settings.of_stage(_application(words), words.stage))
    if words.application:
        return Target(home, settings.of_application(_application(words)))
    slug = find(home, words.branch or git.current_branch(words.directory)).slug
    about = configuration.about(consul_client(home), slug)
    return Target(home, settings.of_environment(slug, **about), slug)


def _application(words: Words) -> str:
    return load(words.directory / FILE_NAME).application
