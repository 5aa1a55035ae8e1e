"""The floor: an environment made in the platform's engines without Pulumi and without bough."""

import json
from dataclasses import replace

import consul
import docker
import hvac
import psycopg

from bough_bench.direct import docker_calls, environment
from bough_bench.direct.edge_calls import Edge
from bough_bench.direct.wanted import Engines, Wanted
from bough_components import names
from bough_components.local import subnets
from bough_components.local.home import Home

_LOOPBACK = "127.0.0.1"


class Floor:
    """One environment at a time; every step signs in anew, as a process of its own would."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._wanted = Wanted(slug="floor", subnet="", image="", template=self._template())

    def create(self, image: str) -> None:
        engines = self._engines()
        self._wanted = replace(self._wanted, image=image, subnet=self._free_subnet(engines))
        docker_calls.make_network(engines, self._wanted)
        environment.make_space(engines, self._wanted)
        self._edge(engines).route("floor", environment.start_instance(engines, self._wanted, 1))

    def look(self) -> None:
        """What an update with nothing to do must at least ask: are network and instance there?"""
        engine, wanted = self._engines().docker, self._wanted
        engine.networks.get(names.environment_network(self._home.settings.name, wanted.slug))
        engine.containers.get(
            names.instance_container(self._home.settings.name, wanted.slug, environment.instance(1))
        )

    def update(self, image: str) -> None:
        """The new release beside the old one, the route moved, the old one stopped."""
        engines = self._engines()
        self._wanted = replace(self._wanted, image=image)
        self._edge(engines).route("floor", environment.start_instance(engines, self._wanted, 2))
        environment.remove_instance(engines, self._wanted, environment.instance(1))

    def destroy(self) -> None:
        engines = self._engines()
        self._edge(engines).drop("floor")
        environment.remove_instance(engines, self._wanted, environment.instance(2))
        environment.remove_space(engines, self._wanted)

    def _template(self) -> str:
        """The golden template that bough has kept of the application's database."""
        kept = "SELECT datname FROM pg_database WHERE datname LIKE 'golden-%'"
        with self._postgres("postgres") as connection:
            row = connection.execute(kept).fetchone()
        if row is None:
            raise RuntimeError("bough has kept no template")
        return str(row[0])

    def _free_subnet(self, engines: Engines) -> str:
        found = engines.docker.api.networks()
        configs = [config for network in found for config in network["IPAM"]["Config"] or []]
        taken = [config["Subnet"] for config in configs if ":" not in config["Subnet"]]
        return str(next(iter(subnets.free_subnets(self._home.settings.subnets, taken))))

    def _edge(self, engines: Engines) -> Edge:
        container = names.platform_container(self._home.settings.name, "edge")
        path = self._home.root / "edge/configuration/haproxy.cfg"
        return Edge(engines.docker, container, path, self._home.settings.ports["edge"])

    def _engines(self) -> Engines:
        platform = self._home.settings.name
        return Engines(
            platform=platform,
            docker=docker.from_env(timeout=120),
            vault=self._vault(),
            consul=self._consul(),
            postgres=self._postgres,
            memory=self._home.memory,
            attached={
                f"{role}.bough": names.platform_container(platform, role)
                for role in subnets.PLATFORM_ROLES
            },
        )

    def _vault(self) -> hvac.Client:
        port = self._home.settings.ports["vault"]
        client = hvac.Client(url=f"http://{_LOOPBACK}:{port}", token="")
        client.auth.approle.login(**json.loads(self._home.credential("operator/vault")))
        return client

    def _consul(self) -> consul.Consul:
        acl = json.loads(self._home.credential("consul/consul.json"))["acl"]
        port, token = self._home.settings.ports["consul"], acl["tokens"]["initial_management"]
        return consul.Consul(host=_LOOPBACK, port=port, token=token)

    def _postgres(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=_LOOPBACK,
            port=self._home.settings.ports["postgres"],
            user="bough",
            password=self._home.credential("postgres/postgres"),
            dbname=database,
            autocommit=True,
        )
