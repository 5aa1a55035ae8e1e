"""A database account that Vault made for this instance alone."""

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
    """Where a needed database listens."""

    host: str
    port: int
    database: str


def read_account(vault: Vault, identity: Identity, need: str) -> Account:
    """Ask Vault for a new account. Raises MissingError, DeniedError, UnreachableError."""
    asked = now()
    answer = vault.read(identity.account_path(need))
    data = answer["data"]
    return Account(data["username"], Sensitive(data["password"]), Lease.of(answer, asked=asked))


def locate(agent: Agent, identity: Identity, need: str) -> Location:
    """Read the address of a need. Raises MissingError, ConfigurationError for another kind."""
    key = identity.need_key(need)
    found: dict[str, Any] | None = agent.document(key)
    if found is None:
        raise MissingError(
            f"Consul holds no {key!r}", f"Add {need!r} under `needs` and to this service's needs"
        )
    if found.get("kind") != "postgres":
        raise ConfigurationError(
            f"The need {need!r} is of kind {found.get('kind')!r}, which is no PostgreSQL database",
            "Ask for a need of kind postgres",
        )
    return Location(found["host"], found["port"], found["database"])
