"""What bough is compared with: each branch with a PostgreSQL, a Vault and a Consul of its own.

In the manner of `docker compose up --wait`: containers of one project on one network, started
together from the platform's images and configuration, used as soon as they answer.
"""

import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

import docker
from docker.models.containers import Container
from docker.types import EndpointConfig, IPAMConfig, IPAMPool

from bough_bench import stack_engines
from bough_bench.direct import docker_calls, environment
from bough_bench.direct.wanted import Engines, Wanted
from bough_components import names
from bough_components.local.engine_settings import settings
from bough_components.local.images import PLATFORM

ROLES = ("postgres", "vault", "consul")


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One stack. `images` and `plugins` are those of the platform that it is compared with;
    `folder` is scratch, `memory` on a memory file system."""

    platform: str
    wanted: Wanted
    folder: Path
    memory: Path
    images: Mapping[str, str]
    plugins: Mapping[str, str]
    engine: docker.DockerClient

    def create(self) -> None:
        """Everything, from nothing to a ready instance."""
        self._make_network()
        with ThreadPoolExecutor(len(ROLES)) as pool:
            list(pool.map(self._start, ROLES))
        engines = self._ready_engines()
        environment.make_space(engines, self.wanted)
        environment.run_job(engines, self.wanted, "migrate", ("python", "migrate.py"))
        environment.run_job(engines, self.wanted, "seed", ("python", "seed.py"))
        environment.start_instance(engines, self.wanted, 1)

    def destroy(self) -> None:
        """In the manner of `docker compose down --volumes`: containers together, no grace."""
        containers = self.containers()
        with ThreadPoolExecutor(len(containers)) as pool:
            list(pool.map(lambda container: container.remove(force=True, v=True), containers))
        self.engine.networks.get(self._network).remove()
        shutil.rmtree(self.memory / self.wanted.slug)
        shutil.rmtree(self.folder)

    def containers(self) -> list[Container]:
        label = f"{names.LABEL_ENVIRONMENT}={self.wanted.slug}"
        return list(self.engine.containers.list(all=True, filters={"label": label}))

    @property
    def _network(self) -> str:
        return names.environment_network(self.platform, self.wanted.slug)

    def _make_network(self) -> None:
        gateway = str(IPv4Network(self.wanted.subnet)[1])
        pool = IPAMPool(self.wanted.subnet, gateway=gateway)
        labels = names.environment_labels(self.platform, self.wanted.slug, "network")
        ipam = IPAMConfig(pool_configs=[pool])
        self.engine.networks.create(self._network, ipam=ipam, labels=labels)

    def _start(self, role: str) -> None:
        image, owner = PLATFORM[role], docker_calls.USER
        endpoint = EndpointConfig(
            self.engine.api.api_version,
            aliases=[f"{role}.bough"],
            ipv4_address=self._address(role),
        )
        self.engine.containers.run(
            self.images[role],
            entrypoint=list(image.command),
            name=names.instance_container(self.platform, self.wanted.slug, role),
            labels=names.environment_labels(self.platform, self.wanted.slug, role),
            environment=dict(image.environment),
            network=self._network,
            networking_config={self._network: endpoint},
            volumes=self._files(role),
            tmpfs=dict.fromkeys(image.tmpfs, f"uid={owner},gid={owner},mode=700"),
            user=f"{owner}:{owner}",
            read_only=True,
            init=True,
            detach=True,
        )

    def _files(self, role: str) -> list[str]:
        """The engine's configuration, keys and data, and where it finds them."""
        configuration, keys = self.folder / role / "configuration", self.folder / role / "keys"
        for folder, files in (
            (configuration, settings(role, self.wanted.subnet)),
            (keys, stack_engines.make_keys(role)),
        ):
            folder.mkdir(parents=True)
            folder.chmod(0o755)
            for name, text in files.items():
                (folder / name).write_text(text)
                if os.getuid() == 0:
                    os.chown(folder / name, docker_calls.USER, docker_calls.USER)
                (folder / name).chmod(0o600)
        image = PLATFORM[role]
        volumes = [path for path in (image.data_dir, *image.volumes) if path]
        return [
            f"{configuration}:/etc/bough:ro",
            f"{keys}:/run/keys:ro",
            *(f"{self._data(role, number)}:{path}" for number, path in enumerate(volumes)),
        ]

    def _data(self, role: str, number: int) -> Path:
        folder = self.folder / role / f"data-{number}"
        folder.mkdir(mode=0o700)
        if os.getuid() == 0:
            os.chown(folder, docker_calls.USER, docker_calls.USER)
        return folder

    def _address(self, role: str) -> str:
        return str(IPv4Network(self.wanted.subnet)[2 + ROLES.index(role)])

    def _ready_engines(self) -> Engines:
        """Clients of the stack's engines, as soon as each of them does its work."""
        password = (self.folder / "postgres/keys/postgres").read_text()
        configuration = (self.folder / "consul/keys/consul.json").read_text()
        return Engines(
            platform=self.platform,
            docker=self.engine,
            vault=stack_engines.ready_vault(self._address("vault"), self.plugins),
            consul=stack_engines.ready_consul(self._address("consul"), configuration),
            postgres=stack_engines.ready_postgres(self._address("postgres"), password),
            memory=self.memory,
            attached={},
        )
