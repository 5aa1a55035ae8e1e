"""Where the neighbours are."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass

from bough_secrets.agent import Agent
from bough_secrets.errors import MissingError, UnreachableError
from bough_secrets.identity import Identity

log = logging.getLogger("bough_secrets")


@dataclass(frozen=True)
class Address:
    """A host and a port; prints as `host:port`."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Answer:
    addresses: list[Address]
    at: float


class Discovery:
    """Asks Consul; while that is away, the last good answer stands."""

    def __init__(self, agent: Agent, identity: Identity) -> None:
        self._agent = agent
        self._identity = identity
        self._last: dict[str, Answer] = {}

    def find(self, service: str) -> Address:
        """Return one healthy instance at random. Raises MissingError, UnreachableError."""
        addresses = self._ask(service)
        if not addresses:
            raise MissingError(
                f"No instance of {service!r} is healthy in {self._identity.environment!r}",
                "Try again, and look at that service's log",
            )
        return random.choice(addresses)  # noqa: S311 - spreading load, not cryptography

    def _ask(self, service: str) -> list[Address]:
        try:
            entries = self._agent.healthy(self._identity.registered_name(service))
        except UnreachableError as error:
            if (last := self._last.get(service)) is None:
                raise
            log.warning("addresses of %s are %.0f s old: %s",
                        service, time.monotonic() - last.at, error)  # fmt: skip
            return last.addresses
        addresses = [
            Address(entry["Service"]["Address"] or entry["Node"]["Address"], found)
            for entry in entries
            if (found := entry["Service"]["Port"])
        ]
        self._last[service] = Answer(addresses, time.monotonic())
        return addresses
