"""What an environment consists of, said without naming a target.

Plain data: made once from bough.yaml and a commit, handed to a target's components, never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PREVIEW = "preview"
"""The stage of every branch's environment."""


@dataclass(frozen=True, kw_only=True)
class Build:
    """How one image is made from a clean git tree.

    `repository` is the git directory that holds `tree`; it says where to read, not what, and so is
    no part of an image's identity. `bases` maps a build argument to a base image's reference.
    """

    repository: str
    tree: str
    application: str
    dockerfile: str = "Dockerfile"
    target: str | None = None
    args: Mapping[str, str]
    bases: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Generator:
    """How a secret's value is made; `characters` is "letters" (with digits) or "hex"."""

    length: int
    characters: str


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A static secret: where its first value comes from, and whether it may be copied."""

    name: str
    generate: Generator | None
    shared: bool


@dataclass(frozen=True, kw_only=True)
class Service:
    """One program of the application; `memory` in bytes, time limits in seconds.

    Its image is made by `build`, or is `image`, `repository@sha256:…` in the platform's registry.
    """

    name: str
    build: Build | None
    image: str | None = None
    command: tuple[str, ...] | None
    port: int | None
    health: str | None
    liveness: str | None = None
    replicas: int
    memory: int
    needs: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    start_timeout: int
    stop_timeout: int


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """How a release takes the place of the one before; `strategy` is "all-at-once" or
    "one-by-one". An instance has `drain_timeout` seconds to finish what it began."""

    strategy: str = "all-at-once"
    drain_timeout: int = 30


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command that brings a database up to date, run inside a service's image."""

    service: str
    command: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database that services need; `kind` is "postgres" or "mariadb".

    `files` maps each path that shapes the schema or the seed to its git object, so that equal
    `files` mean an equal fresh database; `revision` stands for the schema alone.
    """

    name: str
    revision: str = ""
    migrations: Step | None
    seed: Step | None
    files: Mapping[str, str]
    users: tuple[str, ...]
    kind: str = "postgres"


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A durable queue of messages that services need."""

    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Canary:
    """A second release beside the first: `replicas` of its `services` are how many instances it
    has, numbered after the first's. It gets `share` percent of the route's clients."""

    release: str
    services: tuple[Service, ...]
    config: Mapping[str, str]
    share: float


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Everything that serves one branch; `stage` says which settings it shares with others.

    `step_images` are those of the services that databases' steps run in, where another release
    than the one that serves brought the databases up to date.
    """

    slug: str
    ref: str
    application: str
    commit: str
    services: tuple[Service, ...]
    databases: tuple[Database, ...]
    route: str | None
    config: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[Secret, ...] = ()
    stage: str = PREVIEW
    queues: tuple[Queue, ...] = ()
    rollout: Rollout = field(default_factory=Rollout)
    step_images: Mapping[str, str] = field(default_factory=dict)
    canary: Canary | None = None

    def uses(self) -> dict[str, dict[str, list[str]]]:
        """What each service may use in Vault."""
        return {
            service.name: {"needs": list(service.needs), "secrets": list(service.secrets)}
            for service in self.services
        }

    def service(self, name: str) -> Service:
        """The service of that name; `KeyError` when there is none."""
        return {service.name: service for service in self.services}[name]


def from_data(data: Mapping[str, Any]) -> Environment:
    """What `dataclasses.asdict` made of an environment, after JSON, as an environment again."""
    services = tuple(
        Service(
            **{
                **each,
                "build": Build(**each["build"]) if each["build"] else None,
                "command": None if each["command"] is None else tuple(each["command"]),
                "needs": tuple(each["needs"]),
                "secrets": tuple(each["secrets"]),
            }
        )
        for each in data["services"]
    )
    databases = tuple(
        Database(
            **{
                **each,
                "migrations": _step(each["migrations"]),
                "seed": _step(each["seed"]),
                "users": tuple(each["users"]),
            }
        )
        for each in data["databases"]
    )
    secrets = tuple(
        Secret(**{**each, "generate": Generator(**each["generate"]) if each["generate"] else None})
        for each in data["secrets"]
    )
    queues = tuple(Queue(**{**each, "users": tuple(each["users"])}) for each in data["queues"])
    parts: dict[str, Any] = {
        "services": services,
        "databases": databases,
        "secrets": secrets,
        "queues": queues,
        "rollout": Rollout(**data["rollout"]),
    }
    return Environment(**{**data, **parts})


def _step(data: Mapping[str, Any] | None) -> Step | None:
    return Step(service=data["service"], command=tuple(data["command"])) if data else None
