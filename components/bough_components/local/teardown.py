"""Removing an environment by what is there, in the one order that leaves nothing behind.

Traffic first, then instances, then accounts (synchronously, while what they are for still exists),
then spaces, databases, queues and the network. Each step may find its work done.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import (
    broker,
    consul_space,
    containers,
    database_accounts,
    databases,
    edge,
    looking,
    mariadb_accounts,
    mariadb_databases,
    need_accounts,
    network,
    queue_accounts,
    vault_space,
)
from bough_components.local.clients import (
    consul_client,
    engine_errors,
    mariadb,
    postgres,
    vault_client,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough_components.local.home import Home


_ACCOUNTS = {
    database_accounts.KIND: database_accounts.remove_accounts,
    mariadb_accounts.KIND: mariadb_accounts.remove_accounts,
    queue_accounts.KIND: queue_accounts.remove_accounts,
}
"""How accounts are taken away, by the kind of need that they are for."""


def remove_all(home: Home, slug: str, report: Callable[[str], None]) -> list[str]:
    """Remove whatever is left of an environment; one line for each step that could not be done.

    The steps that would make a failed one impossible for ever are then not taken.
    """
    steps: list[tuple[str, Callable[[Home, str], None]]] = [
        ("route", _remove_route),
        ("instances", _remove_containers),
        ("accounts", _remove_accounts),
        ("secrets", _remove_secrets),
        ("discovery", _remove_discovery),
        ("databases", _remove_databases),
        ("databases in MariaDB", _remove_mariadb),
        ("queues", _remove_queues),
        ("network", _remove_network),
    ]
    for name, step in steps:
        try:
            with engine_errors():
                step(home, slug)
        except Exception as error:
            report(f"{name} of {slug} could not be removed: {error}")
            return [f"{name}: {error}"]
    return []


def _remove_route(home: Home, slug: str) -> None:
    if any(routing.slug == slug for routing in edge.routings(home)):
        edge.drop_route(home, slug)


def _remove_containers(home: Home, slug: str) -> None:
    wanted = {names.LABEL_PLATFORM: home.settings.name, names.LABEL_ENVIRONMENT: slug}
    for found in looking.labelled(wanted):
        containers.remove(found["Names"][0].lstrip("/"))
    shutil.rmtree(home.memory / slug, ignore_errors=True)


def _remove_accounts(home: Home, slug: str) -> None:
    for need, kind in need_accounts.existing_needs(vault_client(home), slug).items():
        _ACCOUNTS[kind](home, slug, need)


def _remove_secrets(home: Home, slug: str) -> None:
    vault_space.remove_space(vault_client(home), slug)


def _remove_discovery(home: Home, slug: str) -> None:
    consul_space.remove_space(consul_client(home), slug)


def _remove_databases(home: Home, slug: str) -> None:
    prefix = names.need_prefix(slug)
    with postgres(home) as connection:
        for name in databases.named(connection, prefix):
            databases.drop(connection, name)
        for name in databases.roles_named(connection, prefix):
            databases.disown(connection, name)
            databases.drop_role(connection, name)


def _remove_mariadb(home: Home, slug: str) -> None:
    if not mariadb_databases.present(home):
        return
    prefix = names.need_prefix(slug)
    with mariadb(home) as connection:
        for name in mariadb_databases.accounts(connection, prefix):
            mariadb_databases.drop_account(connection, name)
        for name in mariadb_databases.named(connection, prefix):
            mariadb_databases.drop(connection, name)


def _remove_queues(home: Home, slug: str) -> None:
    if not broker.present(home):
        return
    prefix = names.need_prefix(slug)
    for name in broker.vhosts(home, prefix):
        broker.drop_vhost(home, name)
    for name in broker.users(home, prefix):
        broker.drop_user(home, name)


def _remove_network(home: Home, slug: str) -> None:
    network.remove(names.environment_network(home.settings.name, slug))
