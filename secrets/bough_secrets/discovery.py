"""Where the neighbours are."""

from __future__ import annotations

import random
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

from bough_secrets.agent import Agent
from bough_secrets.errors import MissingError
from bough_secrets.identity import Identity
from bough_secrets.watch import Watch


@dataclass(frozen=True, order=True)
class Address:
    """A host and a port; prints as `host:port`."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Neighbour:
    """A service whose healthy instances are known, and whose turn it is among them."""

    def __init__(self, agent: Agent, service: str, registered: str) -> None:
        path = f"health/service/{quote(registered)}"
        self.watch = Watch(agent, f"the addresses of {service}", path, addresses, passing=1)
        # A start of its own, so that callers which start together do not agree on an instance.
        self.turns = count(random.randrange(1 << 16))  # noqa: S311 - spreading load
        self.watch.start()


class Discovery:
    """Asks Consul about a service once, and hears of every change from then on.

    While Consul is away, its last answer stands.
    """

    def __init__(self, agent: Agent, identity: Identity, patience: float) -> None:
        self._agent, self._identity, self._patience = agent, identity, patience
        self._neighbours: dict[str, Neighbour] = {}
        self._lock = threading.Lock()

    def known(self, service: str) -> bool:
        """Whether `find` would answer without waiting."""
        neighbour = self._neighbours.get(service)
        return neighbour is not None and neighbour.watch.known

    def find(self, service: str, avoid: Collection[Address] = ()) -> Address:
        """Return one healthy instance, each in its turn. Raises MissingError, UnreachableError."""
        neighbour = self._neighbour(service)
        found = neighbour.watch.answer(self._patience)
        if not found:
            raise MissingError(
                f"No instance of {service!r} is healthy in {self._identity.environment!r}",
                "Try again, and look at that service's log",
            )
        return choice(found, avoid, next(neighbour.turns))

    def all(self, service: str) -> list[Address]:
        """Return all healthy instances, sorted; empty when there is none."""
        return self._neighbour(service).watch.answer(self._patience)

    def _neighbour(self, service: str) -> Neighbour:
        with self._lock:
            if service not in self._neighbours:
                registered = self._identity.registered_name(service)
                self._neighbours[service] = Neighbour(self._agent, service, registered)
            return self._neighbours[service]


def addresses(entries: list[dict[str, Any]] | None) -> list[Address]:
    """Read the entries of a service's instances, sorted, so that turns mean the same each time."""
    return sorted(
        Address(entry["Service"]["Address"] or entry["Node"]["Address"], port)
        for entry in entries or []
        if (port := entry["Service"]["Port"])
    )


def choice(found: Sequence[Address], avoid: Collection[Address], turn: int) -> Address:
    """Return the address whose turn it is; one to avoid only when there is no other."""
    wanted = [address for address in found if address not in avoid] or found
    return wanted[turn % len(wanted)]
