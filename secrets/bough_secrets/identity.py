"""Who an instance is, and every name that the run-time contract derives from that."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from bough_secrets.errors import ConfigurationError

SLUG = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True)
class Place:
    """The environment and the instance, known before anybody has logged in."""

    environment: str
    instance: str

    @property
    def auth_mount(self) -> str:
        return f"auth/env/{self.environment}"

    def service_of(self, creation_path: str) -> str | None:
        """Return the service that a wrapping token was made for; None if for anything else."""
        mount = re.escape(self.auth_mount)
        found = re.fullmatch(rf"{mount}/role/([a-z0-9-]+)/secret-id", creation_path)
        return found[1] if found else None


@dataclass(frozen=True)
class Identity(Place):
    """A logged-in instance; the service's name came from Vault, not from the instance."""

    service: str

    def service_of(self, creation_path: str) -> str | None:
        """As for a place; an instance that has a service already never becomes another's."""
        found = super().service_of(creation_path)
        return found if found == self.service else None

    @property
    def consul_token_path(self) -> str:
        return f"env/{self.environment}/kv/data/instances/{self.service}/{self.instance}"

    def secret_path(self, name: str) -> str:
        return f"env/{self.environment}/kv/data/secrets/{name}"

    def account_path(self, need: str) -> str:
        return f"env/{self.environment}/need/{need}/creds/{self.service}"

    def need_key(self, need: str) -> str:
        return f"env/{self.environment}/needs/{need}"

    @property
    def about_key(self) -> str:
        return f"env/{self.environment}/about"

    @property
    def orders_key(self) -> str:
        return f"env/{self.environment}/rotation"

    def config_prefixes(self, about: Mapping[str, str]) -> list[str]:
        """Where settings are, the strongest last. An older bough did not write `about`."""
        own = [f"env/{self.environment}/config/", f"env/{self.environment}/overrides/"]
        if not about:
            return own
        shared = f"app/{about['application']}/"
        return [f"{shared}config/", f"{shared}stage/{about['stage']}/config/", *own]

    def registered_name(self, service: str) -> str:
        return f"{self.environment}--{service}"


def here(instance: str | None = None) -> Place:
    """Read the place from BOUGH_ENVIRONMENT and the host name.

    Raises ConfigurationError when BOUGH_ENVIRONMENT is missing or is no slug.
    """
    environment = os.environ.get("BOUGH_ENVIRONMENT", "")
    if not SLUG.fullmatch(environment):
        raise ConfigurationError(
            f"BOUGH_ENVIRONMENT should name the environment, it is {environment!r}",
            "Start this program through bough, or set the variable to the environment's slug",
        )
    return Place(environment, instance or socket.gethostname())
