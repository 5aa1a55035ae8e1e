"""Services: the programs of an application."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from bough.config.fields import (
    ArgumentName,
    Command,
    ImageReference,
    Memory,
    Model,
    Name,
    Port,
    RelativePath,
    Replicas,
    Seconds,
    SecretName,
    Text,
    UrlPath,
    wrong_at,
)


class Build(Model):
    """How a service's image is built."""

    context: RelativePath = "."
    """Folder that is sent to the builder, relative to the repository."""

    dockerfile: RelativePath = "Dockerfile"
    """The Dockerfile, relative to the context."""

    target: Text | None = None
    """Stage of the Dockerfile; its last one when absent."""

    args: Mapping[ArgumentName, Text] = {}
    """Build arguments. They stay visible in the image: no place for a secret."""

    bases: Mapping[ArgumentName, ImageReference] = {}
    """Build arguments that name a base image, each with the image reference that it stands for."""


def _default_health(values: dict[str, Any]) -> str | None:
    return "/" if values.get("port") else None


class Service(Model):
    """One program of the application; its instances run the same image."""

    build: Build = Build()
    """How its image is built."""

    command: Command | None = None
    """What to run instead of the image's own command."""

    port: Port | None = None
    """Port that it listens on, also given to it as PORT. Absent for a worker."""

    health: UrlPath | None = Field(default_factory=_default_health)
    """Path that answers 2xx when an instance is ready: it gets traffic only then. Default "/"; only
    with a port."""

    liveness: UrlPath | None = None
    """Path that answers 2xx while an instance is alive; one that does not for long is restarted.
    Only with a port."""

    replicas: Replicas = 1
    """Number of instances."""

    memory: Memory = Field("256M", validate_default=True)
    """Most memory that one instance may use."""

    needs: tuple[Name, ...] = ()
    """Names of the needs that it may reach."""

    secrets: tuple[SecretName, ...] = ()
    """Names of the secrets that it may read."""

    start_timeout: Seconds = 60
    """Seconds that an instance may take to become ready."""

    stop_timeout: Seconds = 10
    """Seconds between asking an instance to stop and stopping it."""

    @model_validator(mode="after")
    def _only_a_port_has_health(self) -> Self:
        for field in ("health", "liveness"):
            if getattr(self, field) and not self.port:
                wrong_at(field, "needs a port; give the service one, or remove this line")
        return self
