"""An environment on this machine, as one component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pulumi

from bough_components import names
from bough_components.local import broker, golden, mariadb_databases, replicas, succession
from bough_components.local.consul_space import ConsulSpace
from bough_components.local.database import Database
from bough_components.local.database_accounts import DatabaseAccounts
from bough_components.local.home import DEFAULT_EDGE_PORT
from bough_components.local.image import Image
from bough_components.local.instance import Instance
from bough_components.local.isolation_gate import AddressGate, IsolationGate
from bough_components.local.mariadb_accounts import MariaDBAccounts
from bough_components.local.mariadb_database import MariaDBDatabase
from bough_components.local.network import EnvironmentNetwork
from bough_components.local.pruning import Pruning
from bough_components.local.queue_accounts import QueueAccounts
from bough_components.local.replicas import Replica
from bough_components.local.route import Route
from bough_components.local.schema import Schema
from bough_components.local.static_secrets import StaticSecrets
from bough_components.local.vault_space import VaultSpace
from bough_components.local.virtual_host import VirtualHost
from bough_components.spec import PREVIEW, Environment, Queue, Service, Step
from bough_components.spec import Database as DatabaseSpec

_DATABASE_PORTS = {"postgres": 5432, "mariadb": mariadb_databases.PORT}


def optional_engines(spec: Environment) -> list[str]:
    """Engines that the environment needs and that not every platform has."""
    kinds = {database.kind for database in spec.databases}
    return [
        *([broker.ROLE] if spec.queues else []),
        *([mariadb_databases.ROLE] if mariadb_databases.ROLE in kinds else []),
    ]


@dataclass(frozen=True)
class _Pool:
    """The instances of a service."""

    stable: list[Instance]
    canary: list[Instance]

    @property
    def all(self) -> list[Instance]:
        return [*self.stable, *self.canary]


def _servers(instances: Sequence[Instance], service: Service) -> list[pulumi.Output[str]]:
    return [pulumi.Output.concat(each.address, f":{service.port}") for each in instances]


class LocalEnvironment(pulumi.ComponentResource):
    """Everything of one environment. `url` is None where no service is routed to; `migrated` is
    known when every database has its schema, `ready` when every instance and the route are there,
    `images` are references by digest, by service.
    `port` is the edge's, `registry` the host of images that a release names."""

    url: pulumi.Output[str] | None = None
    _route: Route | None = None
    migrated: pulumi.Output[Any]
    ready: pulumi.Output[Any]
    images: pulumi.Output[dict[str, str]]

    def __init__(
        self,
        platform: str,
        spec: Environment,
        port: int = DEFAULT_EDGE_PORT,
        registry: str = "",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("bough:local:Environment", spec.slug, None, opts)
        self._spec = spec
        self._port = port
        self._registry = registry
        self._owner = {"platform": platform, "slug": spec.slug}
        self._images = self._declare_images()
        images = {service.name: self._image_of(service) for service in spec.services}
        self.images = pulumi.Output.all(**images)
        self._network = EnvironmentNetwork("network", {**self._owner}, self._after())
        self._vault = self._declare_vault()
        self._secrets = self._declare_secrets()
        self._consul = self._declare_consul()
        self._accounts: list[pulumi.Resource] = []
        schemas = [self._declare_database(database) for database in spec.databases]
        self.migrated = pulumi.Output.all(*(schema.id for schema in schemas))
        needs = [*schemas, *(self._declare_queue(queue) for queue in spec.queues)]
        self._gates = self._declare_gates()
        pools = {service.name: self._declare_pool(service, needs) for service in spec.services}
        if spec.route:
            self.url = self._declare_route(spec.service(spec.route), pools[spec.route])
        pruning = self._declare_pruning([each for pool in pools.values() for each in pool.all])
        self.ready = pulumi.Output.from_input(pruning.id)
        self.register_outputs({"url": self.url})

    def _after(self, *resources: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, depends_on=list(resources))

    def _declare_images(self) -> dict[str, Image]:
        """One for each different build, named after the first service that runs it."""
        images: dict[str, Image] = {}
        for service in self._spec.services:
            if service.build and str(service.build) not in images:
                props = asdict(service.build)
                images[str(service.build)] = Image(f"image-{service.name}", props, self._after())
        return images

    def _image_of(self, service: Service) -> pulumi.Input[str]:
        if service.image:
            return f"{self._registry}/{service.image}"
        return pulumi.Output.from_input(self._images[str(service.build)].reference)

    def _declare_vault(self) -> VaultSpace:
        props = {**self._owner, "subnet": self._network.subnet, "services": self._spec.uses()}
        return VaultSpace("vault", props, self._after())

    def _declare_secrets(self) -> list[StaticSecrets]:
        if not self._spec.secrets:
            return []
        # Pulumi leaves out what is None
        how = {s.name: asdict(s.generate) if s.generate else {} for s in self._spec.secrets}
        props = {**self._owner, "application": self._spec.application, "secrets": how}
        return [StaticSecrets("secrets", props, self._after(self._vault))]

    def _declare_consul(self) -> ConsulSpace:
        services = {
            service.name: {"port": service.port, "health": service.health}
            for service in self._spec.services
        }
        databases = {
            database.name: {
                "kind": database.kind,
                "host": f"{database.kind}.bough",
                "port": _DATABASE_PORTS[database.kind],
                "database": names.database(self._spec.slug, database.name),
            }
            for database in self._spec.databases
        }
        queues = {
            queue.name: {
                "kind": "rabbitmq",
                "host": "rabbitmq.bough",
                "port": broker.AMQP_PORT,
                "vhost": names.vhost(self._spec.slug, queue.name),
            }
            for queue in self._spec.queues
        }
        props = {
            **self._owner,
            "about": {"application": self._spec.application, "stage": self._spec.stage},
            "services": services,
            "needs": {**databases, **queues},
            "config": replicas.settings(self._spec),
        }
        return ConsulSpace("consul", props, self._after())

    def _declare_gates(self) -> list[pulumi.Resource]:
        """Each tries its part as soon as that can be tried, while the instances start."""
        props = {**self._owner, "subnet": self._network.subnet, "services": self._spec.uses()}
        known = self._after(self._vault, self._consul, *self._accounts)
        return [
            AddressGate("isolation-addresses", props, self._after()),
            IsolationGate("isolation", props, known),
        ]

    def _declare_database(self, spec: DatabaseSpec) -> Schema:
        identity = {**self._owner, "need": spec.name}
        # what a stage starts from must never hold what a branch was seeded with
        family = self._spec.application if self._spec.stage == PREVIEW else self._spec.slug
        contents = {"application": family, "files": dict(spec.files)}
        users = {**identity, "services": list(spec.users)}
        accounts = (
            self._declare_mariadb(spec.name, identity, users)
            if spec.kind == "mariadb"
            else self._declare_postgres(spec.name, {**identity, **contents}, users)
        )
        self._accounts.append(accounts)
        steps = {
            "migrations": self._step(spec.migrations),
            "seed": self._step(spec.seed),
            "revision": spec.revision,
        }
        described = [step and asdict(step) for step in (spec.migrations, spec.seed)]
        key = golden.key(family, spec.name, spec.files, described)
        return Schema(
            f"{spec.name}-schema",
            {**identity, **contents, **steps, "kind": spec.kind, "key": key},
            self._after(accounts, self._consul),
        )

    def _declare_postgres(
        self, name: str, contents: dict[str, Any], users: dict[str, Any]
    ) -> DatabaseAccounts:
        database = Database(f"{name}-database", contents, self._after())
        return DatabaseAccounts(f"{name}-accounts", users, self._after(database, self._vault))

    def _declare_mariadb(
        self, name: str, identity: dict[str, Any], users: dict[str, Any]
    ) -> MariaDBAccounts:
        database = MariaDBDatabase(f"{name}-database", identity, self._after())
        return MariaDBAccounts(f"{name}-accounts", users, self._after(database, self._vault))

    def _declare_queue(self, spec: Queue) -> QueueAccounts:
        identity = {**self._owner, "need": spec.name}
        vhost = VirtualHost(f"{spec.name}-vhost", identity, self._after())
        accounts = QueueAccounts(
            f"{spec.name}-accounts",
            {**identity, "services": list(spec.users)},
            self._after(vhost, self._vault),
        )
        self._accounts.append(accounts)
        return accounts

    def _step(self, step: Step | None) -> dict[str, Any] | None:
        if step is None:
            return None
        known = self._spec.step_images.get(step.service)
        image = (
            f"{self._registry}/{known}"
            if known
            else self._image_of(self._spec.service(step.service))
        )
        return {"service": step.service, "command": list(step.command), "image": image}

    def _declare_pool(self, service: Service, needs: Sequence[pulumi.Resource]) -> _Pool:
        pool = _Pool([], [])
        for replica in replicas.of(self._spec, service):
            # one by one, an instance has traffic before the route is looked at
            after = [*pool.all[-1:], *self._gates] if self._one_by_one else []
            mine = pool.canary if replica.canary else pool.stable
            mine.append(self._declare_instance(replica, [*needs, *after]))
        return pool

    @property
    def _one_by_one(self) -> bool:
        return self._spec.rollout.strategy == succession.ONE_BY_ONE

    def _declare_instance(self, replica: Replica, needs: Sequence[pulumi.Resource]) -> Instance:
        props = {
            **self._owner,
            **replica.inputs(self._spec),
            "image": self._image_of(replica.service),
        }
        made = (self._network, self._vault, self._consul, *self._secrets, *needs)
        return Instance(replica.name, props, self._after(*made))

    def _declare_route(self, service: Service, pool: _Pool) -> pulumi.Output[str]:
        canary = self._spec.canary
        trial = canary and {
            "release": canary.release,
            "servers": _servers(pool.canary, replicas.canary_of(self._spec, service)),
            "share": canary.share,
        }
        props = {
            **self._owner,
            "health": service.health,
            "servers": _servers(pool.stable, service),
            "port": self._port,
            "canary": trial,
        }
        self._route = Route("route", props, self._after(*self._gates))
        return pulumi.Output.from_input(self._route.url)

    def _declare_pruning(self, instances: list[Instance]) -> Pruning:
        services = {service.name: list(service.needs) for service in self._spec.services}
        props = {
            **self._owner,
            "services": services,
            "needs": [
                *(database.name for database in self._spec.databases),
                *(queue.name for queue in self._spec.queues),
            ],
            "config": list(replicas.settings(self._spec)),
            "instances": [instance.instance for instance in instances],
        }
        last = [self._route] if self._route else [*instances, *self._gates]
        return Pruning("pruning", props, self._after(*last))
