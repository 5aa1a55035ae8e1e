"""What is made directly: an environment of the fixture, and the engines that it is made in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import consul
import docker
import hvac
import psycopg

SERVICE, NEED, PORT = "web", "db", 8000
COMMAND = ("python", "web.py")
MEMORY = 128 << 20


@dataclass(frozen=True, kw_only=True)
class Engines:
    """Clients of four engines; `postgres` connects to the database of that name.

    `platform` is the label by which everything is found again, `memory` a folder on a memory file
    system, `attached` maps an alias on the environment's network to a container that belongs on
    it.
    """

    platform: str
    docker: docker.DockerClient
    vault: hvac.Client
    consul: consul.Consul
    postgres: Callable[[str], psycopg.Connection]
    memory: Path
    attached: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An environment: `subnet` in CIDR notation, `template` the database that it is cloned from."""

    slug: str
    subnet: str
    image: str
    template: str
