"""The whole of bough.yaml."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from bough.config.environments import Environments
from bough.config.fields import ApplicationName, Model, Name, SecretName, SettingName, SettingValue
from bough.config.gates import Gate
from bough.config.needs import Need
from bough.config.notices import Notice
from bough.config.rollout import Rollout
from bough.config.secrets import Secret
from bough.config.services import Service
from bough.config.stages import Stage


def _default_route(values: dict[str, Any]) -> str | None:
    services: Mapping[str, Service] = values.get("services", {})
    return default_route({name: service.port for name, service in services.items()})


def default_route(ports: Mapping[str, object]) -> str | None:
    """`web`, or the only service with a port. None: there is none, or bough.yaml must choose."""
    candidates = [name for name, port in ports.items() if port is not None]
    if "web" in candidates:
        return "web"
    return candidates[0] if len(candidates) == 1 else None


class Application(Model):
    """What bough must know about an application: the content of bough.yaml."""

    application: ApplicationName
    """Name of the application."""

    services: Annotated[Mapping[Name, Service], Field(min_length=1)]
    """The programs that it is made of, by name."""

    needs: Mapping[Name, Need] = {}
    """What each environment has for itself besides services, by name."""

    config: Mapping[SettingName, SettingValue] = {}
    """Settings that instances read while they run. Everybody on the platform's side sees them: no
    place for a secret."""

    secrets: Mapping[SecretName, Secret] = {}
    """What services read from Vault while they run, by name; never with a value."""

    rollout: Rollout = Rollout()
    """How a new release takes over from the old one."""

    gates: Mapping[Name, Gate] = {}
    """What a release must pass in the stages that name it, by name."""

    stages: Mapping[Name, Stage] = {}
    """The permanent environments that releases go through, in order, by name."""

    environments: Environments = Environments()
    """Which branches get an environment."""

    notices: tuple[Notice, ...] = ()
    """Who is told of deployments."""

    route: Name | None = Field(default_factory=_default_route)
    """Service that the URL leads to. Default: the only service with a port, or `web`."""
