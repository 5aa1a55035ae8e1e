"""An environment of a moment: one database, and services that may log in to try something on it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.errors import LeftoverError, NotFoundError
from bough_components.local import databases, inventory, schema_copy, teardown
from bough_components.local.clients import consul_client, postgres
from bough_components.local.consul_space import ConsulSpaceProvider
from bough_components.local.database_accounts import DatabaseAccountsProvider
from bough_components.local.network import EnvironmentNetworkProvider
from bough_components.local.vault_space import VaultSpaceProvider

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bough_components.local.home import Home


@dataclass(frozen=True, kw_only=True)
class Scratch:
    """`model` is the slug of the environment whose need it has; `source` that of the environment
    whose schema the need's database gets."""

    slug: str
    application: str
    stage: str
    need: str
    model: str
    source: str
    services: Collection[str]
    config: Mapping[str, str]
    histories: Collection[str] = ()


@contextmanager
def environment(home: Home, wanted: Scratch) -> Iterator[None]:
    """Have it for the block. Raises `LeftoverError` when something of it is still there after."""
    # of a process that was killed
    _remove(home, wanted.slug)
    try:
        _make(home, wanted)
        yield
    finally:
        _remove(home, wanted.slug)


def kind_of(home: Home, slug: str, need: str) -> str:
    """What a need of an environment is, such as `postgres`; `NotFoundError` when it has none."""
    kind: str = _address(home, slug, need)["kind"]
    return kind


def has_database(home: Home, slug: str, need: str) -> bool:
    with postgres(home) as connection:
        return databases.exists(connection, names.database(slug, need))


def _make(home: Home, wanted: Scratch) -> None:
    owner = {"platform": home.settings.name, "slug": wanted.slug}
    subnet = EnvironmentNetworkProvider().ensure(owner)["subnet"]
    uses = {service: {"needs": [wanted.need], "secrets": []} for service in wanted.services}
    VaultSpaceProvider().ensure({**owner, "subnet": subnet, "services": uses})
    ConsulSpaceProvider().ensure({**owner, **_descriptions(home, wanted)})
    _make_database(home, wanted)
    accounts = {"need": wanted.need, "services": list(wanted.services)}
    DatabaseAccountsProvider().ensure({**owner, **accounts})


def _descriptions(home: Home, wanted: Scratch) -> dict[str, Any]:
    database = names.database(wanted.slug, wanted.need)
    address = {**_address(home, wanted.model, wanted.need), "database": database}
    return {
        "about": {"application": wanted.application, "stage": wanted.stage},
        "services": {service: {} for service in wanted.services},
        "needs": {wanted.need: address},
        "config": dict(wanted.config),
    }


def _address(home: Home, slug: str, need: str) -> dict[str, Any]:
    _, found = consul_client(home).kv.get(f"{names.consul_prefix(slug)}needs/{need}")
    if not found:
        raise NotFoundError(f"environment {slug} has no need {need}", f"run `bough show {slug}`")
    facts: dict[str, Any] = json.loads(found["Value"])
    return facts


def _make_database(home: Home, wanted: Scratch) -> None:
    name = names.database(wanted.slug, wanted.need)
    with postgres(home) as connection:
        databases.ensure_owner(connection, name)
    databases.clone(home, "template0", name, databases.GOLDEN_OWNER, name)
    if has_database(home, wanted.source, wanted.need):
        source = names.database(wanted.source, wanted.need)
        schema_copy.fill(home, source, name, name, wanted.histories)


def _remove(home: Home, slug: str) -> None:
    left = teardown.remove_all(home, slug, lambda _line: None) or inventory.take(home, slug)
    if left:
        raise LeftoverError(
            f"environment {slug}, made to try something, is not wholly gone; still there",
            left,
            f"mend what does not answer, then run `bough destroy {slug}`",
        )
