"""What is there of an environment, asked of the engines themselves and never of Pulumi's state."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import (
    broker,
    consul_space,
    databases,
    edge,
    looking,
    mariadb_databases,
)
from bough_components.local.clients import (
    consul_client,
    docker_client,
    engine_errors,
    mariadb,
    postgres,
    vault_client,
)
from bough_components.local.need_accounts import leases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bough_components.local.home import Home


def take(home: Home, slug: str) -> list[str]:
    """Everything that an environment still has, one line each, sorted within its engine.

    An engine that does not answer is a line too: not knowing is not emptiness.
    """
    questions: list[tuple[str, Callable[[Home, str], Iterable[str]]]] = [
        ("docker", docker_objects),
        ("memory", memory_folders),
        ("postgres", postgres_objects),
        ("rabbitmq", rabbitmq_objects),
        ("mariadb", mariadb_objects),
        ("vault", vault_objects),
        ("consul", consul_objects),
        ("edge", routes),
    ]
    with ThreadPoolExecutor(len(questions)) as pool:
        answers = pool.map(lambda question: _ask(home, slug, *question), questions)
        return [line for answer in answers for line in answer]


def _ask(
    home: Home, slug: str, engine: str, question: Callable[[Home, str], Iterable[str]]
) -> list[str]:
    try:
        with engine_errors():
            return sorted(f"{engine}: {line}" for line in question(home, slug))
    except Exception as error:
        return [f"{engine}: could not be asked ({str(error) or type(error).__name__})"]


def docker_objects(home: Home, slug: str) -> list[str]:
    wanted = {names.LABEL_PLATFORM: home.settings.name, names.LABEL_ENVIRONMENT: slug}
    filters = {"label": [f"{key}={value}" for key, value in wanted.items()]}
    api = docker_client().api
    volumes = api.volumes(filters=filters)["Volumes"] or []
    return [
        *(f"container {found['Names'][0].lstrip('/')}" for found in looking.labelled(wanted)),
        *(f"network {found['Name']}" for found in api.networks(filters=filters)),
        *(f"volume {found['Name']}" for found in volumes),
    ]


def memory_folders(home: Home, slug: str) -> list[str]:
    folder = home.memory / slug
    return [str(path) for path in folder.iterdir()] if folder.exists() else []


def postgres_objects(home: Home, slug: str) -> list[str]:
    prefix = names.need_prefix(slug)
    with postgres(home) as connection:
        return [
            *(f"database {name}" for name in databases.named(connection, prefix)),
            *(f"role {name}" for name in databases.roles_named(connection, prefix)),
        ]


def rabbitmq_objects(home: Home, slug: str) -> list[str]:
    if not broker.present(home):
        return []
    prefix = names.need_prefix(slug)
    return [
        *(f"virtual host {name}" for name in broker.vhosts(home, prefix)),
        *(f"account {name}" for name in broker.users(home, prefix)),
    ]


def mariadb_objects(home: Home, slug: str) -> list[str]:
    if not mariadb_databases.present(home):
        return []
    prefix = names.need_prefix(slug)
    with mariadb(home) as connection:
        return [
            *(f"database {name}" for name in mariadb_databases.named(connection, prefix)),
            *(f"account {name}" for name in mariadb_databases.accounts(connection, prefix)),
        ]


def vault_objects(home: Home, slug: str) -> list[str]:
    client, prefix = vault_client(home), names.vault_prefix(slug)
    mounts = client.sys.list_mounted_secrets_engines()["data"]
    auths = client.sys.list_auth_methods()["data"]
    policies = client.sys.list_acl_policies()["data"]["keys"]
    owned = names.vault_policy_prefix(slug)
    return [
        *(f"mount {path}" for path in mounts if path.startswith(prefix)),
        *(f"auth mount {path}" for path in auths if path == prefix),
        *(f"policy {name}" for name in policies if name.startswith(owned)),
        *(f"lease below {path}" for path in leases(client, prefix)),
        *(f"login below {path}" for path in leases(client, f"auth/{prefix}")),
    ]


def consul_objects(home: Home, slug: str) -> list[str]:
    client, owned = consul_client(home), names.consul_policy_prefix(slug)
    _, keys = client.kv.get(names.consul_prefix(slug), keys=True)
    return [
        *(f"service {name}" for name in consul_space.registrations(client, slug)),
        *(f"token {token['Description']}" for token in consul_space.tokens(client, slug)),
        *(f"policy {p['Name']}" for p in client.acl.policy.list() if p["Name"].startswith(owned)),
        *(f"key {key}" for key in keys or []),
    ]


def routes(home: Home, slug: str) -> list[str]:
    return [f"route {routing.host}" for routing in edge.routings(home) if routing.slug == slug]
