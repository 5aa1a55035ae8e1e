"""What one environment declares, asserted on what Pulumi was told."""

from dataclasses import replace
from typing import Any

import pulumi
import pytest
from tests.unit.bough_components.recorder import Recorder, record

from bough_components import names
from bough_components.local.environment import LocalEnvironment, optional_engines
from bough_components.local.instance import InstanceProvider
from bough_components.local.provider import Props
from bough_components.spec import (
    Build,
    Canary,
    Database,
    Environment,
    Generator,
    Queue,
    Rollout,
    Secret,
    Service,
    Step,
)

BUILD = Build(repository="/r", tree="t1", application="notes", args={}, bases={})
WEB = Service(
    name="web",
    build=BUILD,
    command=None,
    port=8000,
    health="/health/ready",
    replicas=2,
    memory=1 << 28,
    needs=("db",),
    start_timeout=60,
    stop_timeout=10,
)
WORKER = replace(WEB, name="worker", command=("work", "--hard"), port=None, health=None, replicas=1)
DB = Database(
    name="db",
    migrations=Step(service="web", command=("migrate",)),
    seed=None,
    files={"m/1": "a"},
    users=("web", "worker"),
)
SPEC = Environment(
    slug="main",
    ref="main",
    application="notes",
    commit="c" * 40,
    services=(WEB, WORKER),
    databases=(DB,),
    route="web",
    config={"greeting": "hello", "limit": "10"},
)
OWNER = {"platform": "bough-test", "slug": "main"}


def declare(spec: Environment = SPEC) -> Recorder:
    return record(lambda: LocalEnvironment("bough-test", spec), spec.slug)


@pytest.fixture(scope="module")
def made() -> Recorder:
    return declare()


def test_all_that_is_declared(made: Recorder) -> None:
    assert sorted((each.kind, each.name) for each in made.declared.values()) == [
        ("AddressGate", "isolation-addresses"),
        ("ConsulSpace", "consul"),
        ("Database", "db-database"),
        ("DatabaseAccounts", "db-accounts"),
        ("Environment", "main"),
        ("EnvironmentNetwork", "network"),
        ("Image", "image-web"),
        ("Instance", "web-1"),
        ("Instance", "web-2"),
        ("Instance", "worker-1"),
        ("IsolationGate", "isolation"),
        ("Pruning", "pruning"),
        ("Route", "route"),
        ("Schema", "db-schema"),
        ("VaultSpace", "vault"),
    ]


def test_everything_belongs_to_the_environment(made: Recorder) -> None:
    for each in made.declared.values():
        assert each.parent == (None if each.kind == "Environment" else "main")
        if each.kind not in ("Environment", "Image"):
            assert OWNER.items() <= each.inputs.items()


USES = {"needs": ["db"], "secrets": []}
EXPECTED: list[tuple[str, dict[str, Any]]] = [
    (
        "vault",
        {"subnet": "10.213.0.64/26", "services": {"web": USES, "worker": USES}},
    ),
    (
        "consul",
        {
            "about": {"application": "notes", "stage": "preview"},
            "services": {"web": {"port": 8000, "health": "/health/ready"}, "worker": {}},
            "needs": {
                "db": {
                    "kind": "postgres",
                    "host": "postgres.bough",
                    "port": 5432,
                    "database": "env-main.db",
                }
            },
            "config": {"greeting": "hello", "limit": "10"},
        },
    ),
    ("db-database", {"need": "db", "application": "notes", "files": {"m/1": "a"}}),
    ("db-accounts", {"need": "db", "services": ["web", "worker"]}),
    (
        "route",
        {
            "health": "/health/ready",
            "servers": ["address-of-web-1:8000", "address-of-web-2:8000"],
            "port": 8080,
        },
    ),
    (
        "pruning",
        {
            "services": {"web": ["db"], "worker": ["db"]},
            "needs": ["db"],
            "config": ["greeting", "limit"],
            "instances": ["web-1-0a1b2c", "web-2-0a1b2c", "worker-1-0a1b2c"],
        },
    ),
]


@pytest.mark.parametrize(("name", "inputs"), EXPECTED)
def test_inputs(made: Recorder, name: str, inputs: dict[str, Any]) -> None:
    found = {key: value for key, value in made.declared[name].inputs.items() if value is not None}
    assert without_none(found) == {**OWNER, **inputs}


def without_none(value: Any) -> Any:
    """As Pulumi's engine hands it to a provider."""
    if not isinstance(value, dict):
        return value
    return {key: without_none(inner) for key, inner in value.items() if inner is not None}


def test_an_instance_s_inputs(made: Recorder) -> None:
    inputs = without_none(made.declared["worker-1"].inputs)
    assert inputs == {
        **OWNER,
        "service": "worker",
        "replica": 1,
        "config": {"greeting": "hello", "limit": "10"},
        "command": ["work", "--hard"],
        "memory": 1 << 28,
        "image": "127.0.0.1:5000/image-web@sha256:t1",
        "start_timeout": 60,
        "stop_timeout": 10,
        "drain_timeout": 30,
        "strategy": "all-at-once",
    }


def test_one_by_one_each_replica_follows_the_one_before() -> None:
    rollout = Rollout(strategy="one-by-one", drain_timeout=5)
    made = declare(replace(SPEC, services=(replace(WEB, replicas=3), WORKER), rollout=rollout))
    assert [
        {name for name in made.after(f"web-{n}") if name.startswith("web-")} for n in (1, 2, 3)
    ] == [set(), {"web-1"}, {"web-1", "web-2"}]
    # its requests come before the route is looked at
    assert all("isolation" in each.after for each in made.of("Instance"))
    assert made.declared["web-2"].inputs["strategy"] == "one-by-one"
    assert made.declared["web-2"].inputs["drain_timeout"] == 5


def test_the_order(made: Recorder) -> None:
    space = {"network", "vault", "consul"}
    assert made.declared["network"].after == frozenset()
    assert made.after("vault") == {"network"}
    assert made.after("db-accounts") == {"db-database", "vault", "network"}
    schema = {"db-accounts", "db-database", "image-web", *space}
    assert made.after("db-schema") == schema
    for name in ("web-1", "web-2", "worker-1"):
        assert made.after(name) == {"db-schema", *schema}
    gate = {"db-accounts", "db-database", *space}
    gates = {"isolation", "isolation-addresses"}
    assert made.after("isolation") == gate
    assert made.after("isolation-addresses") == {"network"}
    assert made.after("route") == {"web-1", "web-2", "db-schema", *gates, *schema}
    assert made.after("pruning") == {*made.declared} - {"main", "pruning"}


def test_nothing_is_pruned_before_every_instance_is_there_without_a_route_either() -> None:
    services = (WORKER, replace(WORKER, name="mail"))
    databases = (replace(DB, migrations=Step(service="mail", command=("migrate",))),)
    made = declare(replace(SPEC, services=services, databases=databases, route=None))
    assert {"worker-1", "mail-1", "db-schema"} <= made.after("pruning")
    assert made.after("pruning") == {*made.declared} - {"main", "pruning"}


IMAGE, NEWER = (f"notes@sha256:{digit * 64}" for digit in "ab")
STABLE = replace(
    SPEC,
    services=tuple(replace(each, build=None, image=IMAGE) for each in (WEB, WORKER)),
)
BESIDE = Canary(
    release="r2",
    services=(
        replace(WEB, build=None, image=NEWER, replicas=2, port=9000),
        replace(WORKER, build=None, image=NEWER, replicas=1, command=("work", "--new")),
    ),
    config={"greeting": "bye", "new": "1"},
    share=12.5,
)


def test_a_canary_s_instances_come_after_the_others() -> None:
    made = declare(replace(STABLE, canary=BESIDE))
    images = {each.name: each.inputs["image"].lstrip("/") for each in made.of("Instance")}
    assert images == {
        "web-1": IMAGE,
        "web-2": IMAGE,
        "web-3": NEWER,
        "web-4": NEWER,
        "worker-1": IMAGE,
        "worker-2": NEWER,
    }
    assert made.declared["worker-2"].inputs["command"] == ["work", "--new"]
    assert made.declared["route"].inputs["servers"] == [
        "address-of-web-1:8000",
        "address-of-web-2:8000",
    ]
    assert made.declared["route"].inputs["canary"] == {
        "release": "r2",
        "servers": ["address-of-web-3:9000", "address-of-web-4:9000"],
        "share": 12.5,
    }
    assert len(made.declared["pruning"].inputs["instances"]) == 6


def test_settings_are_those_of_the_release_that_serves() -> None:
    made = declare(replace(STABLE, canary=BESIDE))
    every = {"greeting": "hello", "limit": "10", "new": "1"}
    assert made.declared["consul"].inputs["config"] == every
    assert set(made.declared["pruning"].inputs["config"]) == set(every)
    # so that none of them is started again for what it does not know
    assert made.declared["web-1"].inputs["config"] == {"greeting": "hello", "limit": "10"}
    assert made.declared["web-3"].inputs["config"] == {"greeting": "hello", "new": "1"}


def test_a_canary_takes_nothing_over_one_by_one() -> None:
    spec = replace(STABLE, canary=BESIDE, rollout=Rollout(strategy="one-by-one"))
    made = declare(spec)
    strategies = {each.name: each.inputs["strategy"] for each in made.of("Instance")}
    assert strategies == {
        "web-1": "one-by-one",
        "web-2": "one-by-one",
        "web-3": "all-at-once",
        "web-4": "all-at-once",
        "worker-1": "one-by-one",
        "worker-2": "all-at-once",
    }


def test_a_service_of_the_canary_alone() -> None:
    mail = replace(WORKER, name="mail", build=None, image=NEWER)
    services = (*STABLE.services, replace(mail, replicas=0))
    beside = replace(BESIDE, services=(mail,))
    made = declare(replace(STABLE, services=services, canary=beside))
    assert {each.name for each in made.of("Instance")} == {"web-1", "web-2", "worker-1", "mail-1"}
    assert made.declared["route"].inputs["canary"]["servers"] == []


def test_a_step_runs_in_the_image_of_who_migrates() -> None:
    made = declare(replace(STABLE, step_images={"web": NEWER}))
    assert made.declared["db-schema"].inputs["migrations"]["image"].endswith(NEWER)
    assert declare(STABLE).declared["db-schema"].inputs["migrations"]["image"].endswith(IMAGE)


def test_services_with_equal_builds_share_an_image(made: Recorder) -> None:
    assert made.one("Image").inputs["tree"] == "t1"
    assert {each.inputs["image"] for each in made.of("Instance")} == {
        "127.0.0.1:5000/image-web@sha256:t1"
    }


@pytest.mark.parametrize(
    "build",
    [
        replace(BUILD, target="worker"),
        replace(BUILD, dockerfile="D"),
        replace(BUILD, args={"A": "1"}),
        replace(BUILD, bases={"BASE": "x"}),
    ],
)
def test_services_with_different_builds_do_not(build: Build) -> None:
    made = declare(replace(SPEC, services=(WEB, replace(WORKER, build=build))))
    assert len(made.of("Image")) == 2
    web, worker = made.declared["web-1"], made.declared["worker-1"]
    assert web.inputs["image"] != worker.inputs["image"]


def test_services_whose_contexts_differ_do_not() -> None:
    other = replace(WORKER, build=replace(BUILD, tree="t2"))
    made = declare(replace(SPEC, services=(WEB, other)))
    images = {each.inputs["service"]: each.inputs["image"] for each in made.of("Instance")}
    assert {name: image.rpartition(":")[2] for name, image in images.items()} == {
        "web": "t1",
        "worker": "t2",
    }


def test_an_image_keeps_its_name_from_commit_to_commit(made: Recorder) -> None:
    build = replace(BUILD, tree="t2", repository="/elsewhere")
    services = (replace(WEB, build=build), replace(WORKER, build=build))
    later = declare(replace(SPEC, commit="d" * 40, services=services))
    assert set(later.declared) == set(made.declared)
    assert later.one("Image").inputs["tree"] == "t2"


CHANGES: list[tuple[str, Service, bool]] = [
    ("nothing", WORKER, True),
    ("the tree", replace(WORKER, build=replace(BUILD, tree="t2")), False),
    ("the command", replace(WORKER, command=("rest",)), False),
    ("no command", replace(WORKER, command=None), False),
    ("the port", replace(WORKER, port=80, health="/"), False),
    ("the memory", replace(WORKER, memory=1 << 29), False),
    ("how long it may take to start", replace(WORKER, start_timeout=61), True),
    ("how long it may take to stop", replace(WORKER, stop_timeout=11), True),
    ("where it says that it is alive", replace(WORKER, liveness="/alive"), False),
]


class Running(InstanceProvider):
    """Whose instances run, whatever there is."""

    def present(self, props: Props) -> bool:
        return bool(props)


@pytest.mark.parametrize(
    ("worker", "same"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_an_instance_is_replaced_when_what_it_runs_changes(
    made: Recorder, worker: Service, same: bool
) -> None:
    assert_replaced(made, declare(replace(SPEC, services=(WEB, worker))), same=same)


def test_how_a_release_takes_over_is_no_part_of_an_instance(made: Recorder) -> None:
    rollout = Rollout(strategy="one-by-one", drain_timeout=5)
    assert_replaced(made, declare(replace(SPEC, rollout=rollout)), same=True)


def test_an_instance_reads_its_configuration_once(made: Recorder) -> None:
    assert_replaced(made, declare(replace(SPEC, config={"greeting": "bye"})), same=False)


def assert_replaced(made: Recorder, later: Recorder, *, same: bool) -> None:
    before, after = (each.declared["worker-1"].inputs for each in (made, later))
    learned = {"instance": "worker-1-0a1b2c", "address": "10.213.0.70"}
    found = Running().diff("id", without_none({**before, **learned}), without_none(after))
    assert bool(found.replaces) is bool(found.changes) is not same
    # the old one stays until nothing leads to it any more
    assert not found.delete_before_replace


@pytest.mark.parametrize("replicas", [1, 3, 10])
def test_replicas(replicas: int) -> None:
    made = declare(replace(SPEC, services=(replace(WEB, replicas=replicas),)))
    instances = made.of("Instance")
    # Pulumi hears of them in any order
    declared = {each.name: each.inputs["replica"] for each in instances}
    assert declared == {f"web-{n}": n for n in range(1, replicas + 1)}
    assert len(instances) == replicas
    assert made.declared["pruning"].inputs["instances"] == [
        f"web-{n}-0a1b2c" for n in range(1, replicas + 1)
    ]
    assert made.one("Route").inputs["servers"] == [
        f"address-of-web-{n}:8000" for n in range(1, replicas + 1)
    ]


def test_without_a_port_there_is_no_route() -> None:
    made = declare(replace(SPEC, services=(WORKER,), databases=(), route=None))
    assert made.of("Route") == []
    assert made.of("Instance")


def test_without_needs() -> None:
    service = replace(WEB, needs=())
    made = declare(replace(SPEC, services=(service,), databases=()))
    assert {each.kind for each in made.declared.values()} == {
        "Environment",
        "Image",
        "EnvironmentNetwork",
        "VaultSpace",
        "ConsulSpace",
        "AddressGate",
        "IsolationGate",
        "Instance",
        "Route",
        "Pruning",
    }
    assert made.declared["vault"].inputs["services"] == {"web": {"needs": [], "secrets": []}}
    assert made.declared["pruning"].inputs["services"] == {"web": []}
    assert made.declared["pruning"].inputs["needs"] == []


def test_each_database_has_its_own(made: Recorder) -> None:
    assert made.declared["db-schema"].inputs["key"]
    other = replace(DB, name="cache", migrations=None, seed=None, files={})
    both = declare(replace(SPEC, databases=(DB, other)))
    assert {each.inputs["need"] for each in both.of("Database")} == {"db", "cache"}
    assert {"db-schema", "cache-schema"} <= both.declared["web-1"].after
    assert both.declared["cache-schema"].inputs.get("migrations") is None
    keys = {each.inputs["key"] for each in both.of("Schema")}
    assert len(keys) == 2


def test_a_schema_runs_in_its_service_s_image(made: Recorder) -> None:
    migrations = made.declared["db-schema"].inputs["migrations"]
    assert migrations == {
        "service": "web",
        "command": ["migrate"],
        "image": made.declared["web-1"].inputs["image"],
    }


def test_secrets_are_there_before_any_instance() -> None:
    secrets = (
        Secret(name="key", generate=Generator(length=40, characters="hex"), shared=False),
        Secret(name="smtp", generate=None, shared=False),
    )
    made = declare(replace(SPEC, secrets=secrets))
    # a name whose value were None would not arrive
    how = {"key": {"length": 40, "characters": "hex"}, "smtp": {}}
    assert made.one("StaticSecrets").inputs["secrets"] == how
    assert "secrets" in made.after("web-1")
    assert made.after("secrets") >= {"vault"}


def test_nothing_declared_is_a_secret(made: Recorder) -> None:
    words = ("password", "token", "secret", "wrapped")
    for each in made.declared.values():
        text = each.text.lower().replace('"secrets"', "")
        assert not any(word in text for word in words), each.name


def test_the_route_is_told_the_edge_s_port() -> None:
    made = record(lambda: LocalEnvironment("bough-test", SPEC, port=9090), "main")
    assert made.one("Route").inputs["port"] == 9090


def test_the_url_comes_from_the_route() -> None:
    urls: list[str] = []

    def program() -> None:
        url = LocalEnvironment("bough-test", SPEC).url
        assert url is not None
        pulumi.export("seen", url.apply(urls.append))

    record(program, "main")
    assert urls == ["http://main.localhost:8080"]


def test_the_names_are_those_of_the_one_module(made: Recorder) -> None:
    needs = made.declared["consul"].inputs["needs"]
    assert needs["db"]["database"] == names.database("main", "db")


JOBS = replace(SPEC, queues=(Queue(name="jobs", users=("worker",)),))


def test_a_queue() -> None:
    made = declare(JOBS)
    assert made.declared["jobs-vhost"].inputs == {**OWNER, "need": "jobs"}
    accounts = made.declared["jobs-accounts"]
    assert accounts.inputs == {**OWNER, "need": "jobs", "services": ["worker"]}
    assert {"jobs-vhost", "vault"} <= accounts.after
    assert all("jobs-accounts" in each.after for each in made.of("Instance"))
    assert made.declared["pruning"].inputs["needs"] == ["db", "jobs"]
    assert made.declared["consul"].inputs["needs"]["jobs"] == {
        "kind": "rabbitmq",
        "host": "rabbitmq.bough",
        "port": 5672,
        "vhost": "env-main.jobs",
    }


SHOP = replace(SPEC, databases=(replace(SPEC.databases[0], kind="mariadb"),))


def test_a_database_in_mariadb() -> None:
    made = declare(SHOP)
    assert made.of("Database") == made.of("DatabaseAccounts") == []
    (database,) = made.of("MariaDBDatabase")
    assert (database.name, database.inputs) == ("db-database", {**OWNER, "need": "db"})
    (accounts,) = made.of("MariaDBAccounts")
    assert accounts.inputs == {**OWNER, "need": "db", "services": ["web", "worker"]}
    assert {"db-database", "vault"} <= accounts.after
    assert {"db-accounts", "consul"} <= made.declared["db-schema"].after
    assert made.declared["db-schema"].inputs["kind"] == "mariadb"
    assert made.declared["consul"].inputs["needs"]["db"] == {
        "kind": "mariadb",
        "host": "mariadb.bough",
        "port": 3306,
        "database": "env-main.db",
    }


def test_engines_that_not_every_platform_has() -> None:
    assert (optional_engines(SPEC), optional_engines(JOBS)) == ([], ["rabbitmq"])
    assert optional_engines(SHOP) == ["mariadb"]
    assert optional_engines(replace(SHOP, queues=JOBS.queues)) == ["rabbitmq", "mariadb"]
