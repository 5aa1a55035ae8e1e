"""Each provider against the real engines: made twice is made once, removed twice is removed."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness

from bough.describe import describe
from bough.platform import provide
from bough.source import Source
from bough_components import names
from bough_components.errors import RefusedError, UnhealthyError
from bough_components.local import (
    broker,
    databases,
    edge,
    inventory,
    mariadb_databases,
    need_accounts,
    network,
    subnets,
    teardown,
)
from bough_components.local.clients import mariadb, postgres, vault_client
from bough_components.local.consul_space import ConsulSpaceProvider
from bough_components.local.database import DatabaseProvider
from bough_components.local.database_accounts import DatabaseAccountsProvider
from bough_components.local.engine import EngineProvider
from bough_components.local.home import Home
from bough_components.local.image import ImageProvider
from bough_components.local.mariadb_accounts import MariaDBAccountsProvider
from bough_components.local.mariadb_database import MariaDBDatabaseProvider
from bough_components.local.network import EnvironmentNetworkProvider, PlatformNetworkProvider
from bough_components.local.provider import Ensured, Props
from bough_components.local.pruning import PruningProvider
from bough_components.local.queue_accounts import QueueAccountsProvider
from bough_components.local.route import RouteProvider
from bough_components.local.schema import SchemaProvider
from bough_components.local.setup import PostgresSetupProvider, VaultSetupProvider
from bough_components.local.vault_space import VaultSpaceProvider
from bough_components.local.virtual_host import VirtualHostProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.applications import Application
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)

NEED = "db"
APPLICATION = f"providers-{uuid.uuid4().hex[:6]}"
"""Of this run alone, so that no golden template of another one is near."""

ABOUT = {"application": APPLICATION, "stage": "preview"}

Owner = Props


@pytest.fixture
def home(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BOUGH_HOME", str(platform.root))
    return Home.current()


@pytest.fixture
def new_owner(home: Home) -> Iterator[Callable[[], Owner]]:
    """Makes the inputs that all resources of a new environment share; it is proven gone after."""
    slugs: list[str] = []

    def make() -> Owner:
        slugs.append(f"p-{uuid.uuid4().hex[:6]}x")
        return {"platform": home.settings.name, "slug": slugs[-1]}

    yield make
    for slug in slugs:
        assert teardown.remove_all(home, slug, print) == []
        assert inventory.take(home, slug) == []


@pytest.fixture
def owner(new_owner: Callable[[], Owner]) -> Owner:
    return new_owner()


def made_of(platform: Platform, kind: str) -> dict[str, Props]:
    """The platform's own resources of one kind, by name, as Pulumi's state has them."""
    state = json.loads(
        (platform.root / "pulumi/state/.pulumi/stacks/bough/platform.json").read_text()
    )
    return {
        entry["urn"].rpartition("::")[2]: entry["outputs"]
        for entry in state["checkpoint"]["latest"]["resources"]
        if entry["type"].endswith(f":{kind}")
    }


def twice(provider: Ensured, props: Props) -> Props:
    """What was learned; both times the same."""
    first = provider.create(props)
    second = provider.create(props)
    assert (first.id, first.outs) == (second.id, second.outs)
    assert not provider.diff(str(first.id), first.outs or {}, props).changes
    return first.outs or {}


def removed_twice(provider: Ensured, props: Props) -> None:
    provider.delete(provider.identity(props), props)
    provider.delete(provider.identity(props), props)


def pruned(owner: Owner, services: dict[str, list[str]], needs: list[str]) -> None:
    """What the end of an update does."""
    props = {**owner, "services": services, "needs": needs, "config": [], "instances": []}
    twice(PruningProvider(), props)


# the platform


def test_an_engine_that_runs_is_left_alone(platform: Platform, home: Home) -> None:
    assert home.exists
    for role, props in made_of(platform, "Engine").items():
        before = witness.inspect(platform.container(role))[0]
        twice(EngineProvider(), props)
        after = witness.inspect(platform.container(role))[0]
        assert (after["Id"], after["State"]["StartedAt"]) == (
            before["Id"],
            before["State"]["StartedAt"],
        )


def test_the_platform_s_network_is_kept(platform: Platform, home: Home) -> None:
    assert home.exists
    props = made_of(platform, "PlatformNetwork")["network"]
    assert twice(PlatformNetworkProvider(), props)["subnet"] == props["subnet"]


def test_setting_up_again_changes_no_credential(platform: Platform, home: Home) -> None:
    before = platform.key("operator/vault")
    twice(VaultSetupProvider(), made_of(platform, "VaultSetup")["vault-setup"])
    twice(PostgresSetupProvider(), made_of(platform, "PostgresSetup")["postgres-setup"])
    assert platform.key("operator/vault") == before
    assert not home.key("operator/vault-root").exists()
    assert witness.vault(platform, "GET", "sys/mounts")["data"]


# networks


def attached(platform: Platform, name: str) -> dict[str, str]:
    """Role to address of the platform's containers on a network."""
    found = witness.inspect(name)[0]["Containers"].values()
    return {
        entry["Name"].removeprefix(f"{platform.name}."): entry["IPv4Address"].partition("/")[0]
        for entry in found
    }


def test_a_network_has_the_platform_on_it(platform: Platform, home: Home, owner: Owner) -> None:
    provider, name = EnvironmentNetworkProvider(), f"{platform.name}.env.{owner['slug']}"
    subnet = twice(provider, owner)["subnet"]
    expected = {
        role: subnets.platform_address(subnet, role) for role in network.on_environments(home)
    }
    assert attached(platform, name) == expected
    witness.docker("network", "disconnect", "--force", name, platform.container("vault"))
    assert "vault" not in attached(platform, name)
    assert twice(provider, owner)["subnet"] == subnet
    assert attached(platform, name) == expected
    removed_twice(provider, owner)
    assert not provider.present(owner)


def test_networks_never_overlap(new_owner: Callable[[], Owner], home: Home) -> None:
    taken = [
        config["Subnet"]
        for found in witness.inspect(*witness.docker("network", "ls", "-q").split())
        for config in found["IPAM"]["Config"] or []
        if ":" not in config["Subnet"]
    ]
    free = next(iter(subnets.free_subnets(home.settings.subnets, taken)))
    foreign = f"foreign-{uuid.uuid4().hex[:6]}"
    # half of the subnet that would be next
    half = str(next(free.subnets(prefixlen_diff=1)))
    witness.docker("network", "create", "--subnet", half, foreign)
    try:
        made = [twice(EnvironmentNetworkProvider(), new_owner())["subnet"] for _ in range(2)]
    finally:
        witness.docker("network", "rm", foreign)
    assert len({*made, str(free)}) == 3


def test_a_range_that_is_full_is_refused(home: Home, tmp_path: Path, owner: Owner) -> None:
    subnet = twice(EnvironmentNetworkProvider(), owner)["subnet"]
    full = Home(tmp_path / "full")
    full.save(replace(home.settings, subnets=subnet))
    with pytest.raises(RefusedError, match=f"no subnet is left in {subnet}"):
        network.create(full, "never-made", {})
    assert network.find("never-made") is None


# databases


def database_props(owner: Owner, files: dict[str, str]) -> Props:
    return {**owner, "need": NEED, "application": APPLICATION, "files": files}


def schema_props(platform: Platform, owner: Owner, files: dict[str, str], command: str) -> Props:
    """Inputs of a schema whose migrations are one command, in an image that is there anyhow."""
    image = witness.inspect(platform.container("postgres"))[0]["Config"]["Image"]
    step = {"service": "web", "command": [command], "image": image}
    key = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps([APPLICATION, files])).hex
    steps = {"kind": "postgres", "key": key, "revision": key[:16], "migrations": step}
    return {**database_props(owner, files), **steps}


def spaces(owner: Owner) -> None:
    """What a migration's instance needs before it can start."""
    subnet = twice(EnvironmentNetworkProvider(), owner)["subnet"]
    uses = {"web": {"needs": [NEED], "secrets": []}}
    twice(VaultSpaceProvider(), {**owner, "subnet": subnet, "services": uses})
    space = {"about": ABOUT, "services": {"web": {}}, "needs": {}, "config": {}}
    twice(ConsulSpaceProvider(), {**owner, **space})


def execute(home: Home, owner: Owner, statement: str) -> None:
    with postgres(home, names.database(owner["slug"], NEED)) as connection:
        connection.execute(statement.encode())


def tables(platform: Platform, owner: Owner) -> list[tuple[str, str]]:
    """Tables and their owners."""
    statement = "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'"
    return witness.query(platform, statement, names.database(owner["slug"], NEED))


def test_a_database_is_made_once(platform: Platform, home: Home, owner: Owner) -> None:
    provider, props = DatabaseProvider(), database_props(owner, {"m": uuid.uuid4().hex})
    twice(provider, props)
    execute(home, owner, "CREATE TABLE kept ()")
    twice(provider, props)
    assert [name for name, _ in tables(platform, owner)] == ["kept"]
    removed_twice(provider, props)
    with postgres(home) as connection:
        assert databases.named(connection, names.need_prefix(owner["slug"])) == []
        assert databases.roles_named(connection, names.need_prefix(owner["slug"])) == []


def test_a_database_half_made_is_made_again(platform: Platform, home: Home, owner: Owner) -> None:
    name = names.database(owner["slug"], NEED)
    with postgres(home) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    execute(home, owner, "CREATE TABLE half ()")
    twice(DatabaseProvider(), database_props(owner, {}))
    assert tables(platform, owner) == []
    with postgres(home) as connection:
        assert databases.facts(connection, name)["fresh"] is True


def test_strangers_cannot_connect_to_a_database(home: Home, owner: Owner) -> None:
    twice(DatabaseProvider(), database_props(owner, {}))
    name = names.database(owner["slug"], NEED)
    with postgres(home) as connection:
        row = connection.execute(
            "SELECT has_database_privilege('pg_monitor', %s, 'CONNECT'),"
            " has_database_privilege(%s, %s, 'CONNECT')",
            [name, name, name],
        ).fetchone()
    assert row == (False, True)


def test_equal_files_need_no_migration(
    platform: Platform, home: Home, new_owner: Callable[[], Owner]
) -> None:
    files = {"migrations/1": uuid.uuid4().hex}
    first, second, third = (new_owner() for _ in range(3))
    for owner in (first, second, third):
        spaces(owner)
    twice(DatabaseProvider(), database_props(first, files))
    execute(home, first, "CREATE TABLE migrated ()")
    owned = f'ALTER TABLE migrated OWNER TO "{names.database(first["slug"], NEED)}"'
    execute(home, first, owned)
    twice(SchemaProvider(), schema_props(platform, first, files, "true"))

    # a migration that cannot succeed: it does not run
    twice(DatabaseProvider(), database_props(second, files))
    twice(SchemaProvider(), schema_props(platform, second, files, "false"))
    assert tables(platform, second) == [("migrated", names.database(second["slug"], NEED))]

    # one file more: it starts from the same template, and does run
    more = {**files, "migrations/2": "x"}
    twice(DatabaseProvider(), database_props(third, more))
    assert tables(platform, third) == [("migrated", names.database(third["slug"], NEED))]
    with pytest.raises(UnhealthyError, match="failed with exit status 1"):
        SchemaProvider().create(schema_props(platform, third, more, "false"))
    jobs = [name for name in witness.containers(platform, third["slug"]) if "migrate" in name]
    assert jobs == []
    twice(SchemaProvider(), schema_props(platform, third, more, "true"))


def test_accounts_are_made_once(platform: Platform, home: Home, owner: Owner) -> None:
    spaces(owner)
    database, accounts = database_props(owner, {}), {**owner, "need": NEED, "services": ["web"]}
    twice(DatabaseProvider(), database)
    twice(DatabaseAccountsProvider(), accounts)
    mount = names.vault_need(owner["slug"], NEED)
    settings = witness.vault(platform, "GET", f"{mount}/config/main")["data"]
    assert settings["connection_details"]["username"] == names.need_admin(owner["slug"], NEED)
    assert "password" not in settings["connection_details"]
    role = witness.vault(platform, "GET", f"{mount}/roles/web")["data"]
    assert (role["default_ttl"], role["max_ttl"]) == (3600, 86400)

    # a service that no longer uses it keeps its role until the update has ended
    fewer = {**accounts, "services": ["worker"]}
    twice(DatabaseAccountsProvider(), fewer)
    roles = witness.vault(platform, "LIST", f"{mount}/roles")["data"]["keys"]
    assert sorted(roles) == ["web", "worker"]
    pruned(owner, {"web": [], "worker": [NEED]}, [NEED])
    assert witness.vault(platform, "LIST", f"{mount}/roles")["data"]["keys"] == ["worker"]
    removed_twice(DatabaseAccountsProvider(), accounts)
    removed_twice(DatabaseProvider(), database)
    with postgres(home) as connection:
        assert databases.roles_named(connection, names.need_prefix(owner["slug"])) == []


# queues


def test_a_virtual_host_and_its_accounts_are_made_once(
    platform: Platform, home: Home, owner: Owner
) -> None:
    provide(home, ["rabbitmq"], print)
    spaces(owner)
    queue = {**owner, "need": "jobs"}
    accounts = {**queue, "services": ["web"]}
    twice(VirtualHostProvider(), queue)
    twice(QueueAccountsProvider(), accounts)
    mount, admin = names.vault_need(owner["slug"], "jobs"), names.need_admin(owner["slug"], "jobs")
    assert witness.vault(platform, "GET", f"{mount}/config/lease")["data"] == {
        "ttl": 3600,
        "max_ttl": 86400,
    }
    (role,) = witness.vault(platform, "GET", f"{mount}/roles/web")["data"]["vhosts"].items()
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    assert role == (names.vhost(owner["slug"], "jobs"), everything)
    assert broker.users(home, names.need_prefix(owner["slug"])) == [admin]
    # nobody but Vault has the password, so an account that is lost is made anew
    broker.drop_user(home, admin)
    twice(QueueAccountsProvider(), {**accounts, "services": ["web", "worker"]})
    assert broker.users(home, admin) == [admin]
    pruned(owner, {"web": [], "worker": ["jobs"]}, ["jobs"])
    assert witness.vault(platform, "LIST", f"{mount}/roles")["data"]["keys"] == ["worker"]
    removed_twice(QueueAccountsProvider(), accounts)
    removed_twice(VirtualHostProvider(), queue)
    assert broker.vhosts(home, names.need_prefix(owner["slug"])) == []


# MariaDB


def test_a_database_in_mariadb_and_its_accounts_are_made_once(
    platform: Platform, home: Home, owner: Owner
) -> None:
    provide(home, ["mariadb"], print)
    spaces(owner)
    need = {**owner, "need": "shop"}
    accounts = {**need, "services": ["web"]}
    twice(MariaDBDatabaseProvider(), need)
    twice(MariaDBAccountsProvider(), accounts)
    name, admin = names.database(owner["slug"], "shop"), names.need_admin(owner["slug"], "shop")
    mount = names.vault_need(owner["slug"], "shop")
    assert need_accounts.existing_needs(vault_client(home), owner["slug"]) == {"shop": "mariadb"}
    settings = witness.vault(platform, "GET", f"{mount}/config/main")["data"]
    assert settings["connection_details"]["username"] == admin
    assert "password" not in settings["connection_details"]
    with mariadb(home) as connection:
        assert mariadb_databases.accounts(connection, names.need_prefix(owner["slug"])) == [
            name,
            admin,
        ]
        assert mariadb_databases.facts(connection, name) == {"fresh": True}
        mariadb_databases.rows(connection, f"CREATE TABLE `{name}`.half (x int)")
        # what does not say what it holds was not finished
        mariadb_databases.write_facts(connection, name, {})
        twice(MariaDBDatabaseProvider(), need)
        assert mariadb_databases.facts(connection, name) == {"fresh": True}
        assert mariadb_databases.rows(connection, f"SHOW TABLES FROM `{name}`") == []
    removed_twice(MariaDBAccountsProvider(), accounts)
    removed_twice(MariaDBDatabaseProvider(), need)
    with mariadb(home) as connection:
        assert mariadb_databases.accounts(connection, names.need_prefix(owner["slug"])) == []
        assert mariadb_databases.named(connection, names.need_prefix(owner["slug"])) == []


# secrets and discovery

VAULT_SERVICES: list[dict[str, list[str]]] = [
    {"web": []},
    {"web": ["db"]},
    {"web": ["db", "cache"], "worker": ["db"]},
    {"worker": []},
]


def vault_services(platform: Platform, slug: str) -> set[str]:
    """Those that have a policy in Vault."""
    policies = witness.vault(platform, "LIST", "sys/policies/acl")["data"]["keys"]
    prefix = f"env.{slug}."
    return {name.removeprefix(prefix) for name in policies if name.startswith(prefix)}


def test_a_space_in_vault_follows_its_services(platform: Platform, owner: Owner) -> None:
    provider, slug = VaultSpaceProvider(), owner["slug"]
    before: set[str] = set()
    for services in VAULT_SERVICES:
        uses = {name: {"needs": needs, "secrets": []} for name, needs in services.items()}
        twice(provider, {**owner, "subnet": "10.213.9.0/26", "services": uses})
        # what the old release needs stays until the new one serves
        assert vault_services(platform, slug) == before | set(services)
        pruned(owner, services, [])
        assert vault_services(platform, slug) == set(services)
        before = set(services)
        for service in services:
            role = witness.vault(platform, "GET", f"auth/env/{slug}/role/{service}")["data"]
            assert role["token_bound_cidrs"] == role["secret_id_bound_cidrs"] == ["10.213.9.0/26"]
            assert (role["secret_id_num_uses"], role["token_policies"]) == (
                1,
                [f"env.{slug}.{service}"],
            )
    assert witness.vault(platform, "GET", f"auth/env/{slug}/role/web") == {}
    removed_twice(provider, owner)
    assert f"env/{slug}/" not in witness.vault(platform, "GET", "sys/auth")["data"]


def keys(platform: Platform, slug: str) -> list[str]:
    found: list[str] = witness.consul(platform, f"kv/env/{slug}/?keys")
    return [key.removeprefix(f"env/{slug}/") for key in found]


def test_a_space_in_consul_follows_its_services(platform: Platform, owner: Owner) -> None:
    provider, slug = ConsulSpaceProvider(), owner["slug"]
    web, need = {"port": 8000, "health": "/"}, {"kind": "postgres", "host": "x", "port": 1}
    own = {**owner, "about": ABOUT}
    first = {**own, "services": {"web": web, "worker": {}}, "needs": {"db": need}}
    twice(provider, {**first, "config": {"greeting": "hello"}})
    everything = ["about", "config/greeting", "needs/db", "services/web", "services/worker"]
    assert keys(platform, slug) == everything
    assert platform_value(platform, slug, "config/greeting") == "hello"
    described = {
        name: json.loads(platform_value(platform, slug, f"services/{name}"))
        for name in ("web", "worker")
    }
    assert described == {"web": web, "worker": {"port": None, "health": None}}
    assert json.loads(platform_value(platform, slug, "needs/db")) == need

    twice(provider, {**own, "services": {"web": web}, "needs": {}, "config": {}})
    # what the old release needs stays until the new one serves
    assert keys(platform, slug) == everything
    assert policies(platform, slug) == [f"env_{slug}_web", f"env_{slug}_worker"]
    pruned(owner, {"web": []}, [])
    assert keys(platform, slug) == ["about", "services/web"]
    assert policies(platform, slug) == [f"env_{slug}_web"]
    removed_twice(provider, owner)
    assert (keys(platform, slug), policies(platform, slug)) == ([], [])


def platform_value(platform: Platform, slug: str, key: str) -> str:
    import base64

    (entry,) = witness.consul(platform, f"kv/env/{slug}/{key}")
    return base64.b64decode(entry["Value"]).decode()


def policies(platform: Platform, slug: str) -> list[str]:
    found = [policy["Name"] for policy in witness.consul(platform, "acl/policies")]
    return sorted(name for name in found if name.startswith(f"env_{slug}_"))


# routes and images

PATHS = ["/", "/health/ready", "/a?b=c&d=%20", "/~a/b.c-d_e;f,g", "/$x/@(y)!*+:"]


def test_a_route_is_served_until_it_is_removed(platform: Platform, owner: Owner) -> None:
    provider, slug = RouteProvider(), owner["slug"]
    assert platform.ask(slug).status_code == 404
    for path in PATHS:
        props = {**owner, "health": path, "servers": ["10.213.255.200:80"], "port": platform.port}
        outs = twice(provider, props)
        assert outs["url"] == f"http://{slug}.localhost:{platform.port}"
        witness.docker(
            "exec", platform.container("edge"), "haproxy", "-c", "-f", "/etc/bough/haproxy.cfg"
        )
    assert provider.present(props)
    # it knows the environment, of which nobody answers
    assert platform.ask(slug).status_code == 503
    removed_twice(provider, props)
    assert not provider.present(props)
    assert platform.ask(slug).status_code == 404


def test_routes_do_not_touch_each_other(
    platform: Platform, home: Home, new_owner: Callable[[], Owner]
) -> None:
    owners = [new_owner() for _ in range(3)]
    for owner in owners:
        twice(RouteProvider(), {**owner, "health": "/", "servers": [], "port": platform.port})
    assert {routing.slug for routing in edge.routings(home)} >= {one["slug"] for one in owners}
    for index, owner in enumerate(owners):
        removed_twice(RouteProvider(), owner)
        with ThreadPoolExecutor() as pool:
            answers = pool.map(lambda one: platform.ask(one["slug"]), owners)
        served = [answer.status_code for answer in answers]
        assert served == [404] * (index + 1) + [503] * (len(owners) - index - 1)


def test_the_same_tree_is_the_same_image(application: Application, home: Home) -> None:
    assert home.exists

    def props() -> Props:
        build = describe(Source.in_checkout(application.folder)).services[0].build
        assert build is not None
        return asdict(build)

    first = twice(ImageProvider(), props())["reference"]
    application.commit("nothing changed")
    assert twice(ImageProvider(), props())["reference"] == first
    application.write(answer="another")
    assert twice(ImageProvider(), props())["reference"] != first


def test_every_kind_of_resource_is_here() -> None:
    """A provider that nobody made twice would be missing above, or have a file of its own."""
    import importlib
    import pkgutil

    from bough_components import local

    for module in pkgutil.iter_modules(local.__path__):
        importlib.import_module(f"{local.__name__}.{module.name}")
    known = {provider.__name__ for provider in Ensured.__subclasses__()}
    here = {name for name, value in globals().items() if _is_provider(value)}
    elsewhere = {"InstanceProvider", "_GateProvider", "StaticSecretsProvider"}
    assert known - here == elsewhere


def _is_provider(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Ensured) and value is not Ensured
