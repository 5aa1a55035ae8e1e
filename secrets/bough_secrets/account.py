"""An account of a need's that Vault made for this instance alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bough_secrets.agent import Agent
from bough_secrets.clock import now
from bough_secrets.errors import ConfigurationError, MissingError
from bough_secrets.identity import Identity
from bough_secrets.lease import Lease
from bough_secrets.sensitive import Sensitive
from bough_secrets.vault import Vault


@dataclass(frozen=True)
class Account:
    """A user, its password, and the lease that keeps it alive."""

    user: str
    password: Sensitive
    lease: Lease


@dataclass(frozen=True)
class Location:
    """Where a need listens; `database` is the database or the virtual host there."""

    host: str
    port: int
    database: str


@dataclass(frozen=True)
class Kind:
    """A kind of need, what it is said to be, and the method of a session that opens one."""

    name: str
    what: str
    opened_by: str
    inside: str = "database"


POSTGRES = Kind("postgres", "PostgreSQL database", "session.database")
RABBITMQ = Kind("rabbitmq", "queue", "session.queue", inside="vhost")
MARIADB = Kind("mariadb", "MariaDB database", "session.engine")
KINDS = {kind.name: kind for kind in (POSTGRES, RABBITMQ, MARIADB)}


def read_account(vault: Vault, identity: Identity, need: str) -> Account:
    """Ask Vault for a new account. Raises MissingError, DeniedError, UnreachableError."""
    asked = now()
    answer = vault.read(identity.account_path(need))
    data = answer["data"]
    return Account(data["username"], Sensitive(data["password"]), Lease.of(answer, asked=asked))


def kind_of(agent: Agent, identity: Identity, need: str) -> Kind | None:
    """Read which kind a need is of; None for one that is not known here. Raises MissingError."""
    return KINDS.get(_described(agent, identity, need).get("kind", ""))


def locate(agent: Agent, identity: Identity, need: str, kind: Kind) -> Location:
    """Read the address of a need. Raises MissingError, ConfigurationError for another kind."""
    found = _described(agent, identity, need)
    if found.get("kind") != kind.name:
        actual = KINDS.get(found.get("kind", ""))
        raise ConfigurationError(
            f"The need {need!r} is of kind {found.get('kind')!r}, which is no {kind.what}",
            f"Use {actual.opened_by}" if actual else f"Ask for a need of kind {kind.name}",
        )
    return Location(found["host"], found["port"], found[kind.inside])


def _described(agent: Agent, identity: Identity, need: str) -> dict[str, Any]:
    key = identity.need_key(need)
    found: dict[str, Any] | None = agent.document(key)
    if found is None:
        raise MissingError(
            f"Consul holds no {key!r}", f"Add {need!r} under `needs` and to this service's needs"
        )
    return found
