"""What files are made of, as plain text: here secrets leave the library on purpose."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from bough_secrets.discovery import Address
from bough_secrets.errors import MissingError
from bough_secrets.lending import Access
from bough_secrets.session import Session


@dataclass(frozen=True)
class Database:
    """How to reach a needed database; `url` has all of it in one."""

    user: str
    password: str = field(repr=False)
    host: str
    port: int
    name: str
    url: str = field(repr=False)


@dataclass(frozen=True)
class Queue:
    """How to reach the virtual host of a needed queue; `url` has all of it in one."""

    user: str
    password: str = field(repr=False)
    host: str
    port: int
    vhost: str
    url: str = field(repr=False)


class NobodyHealthyError(MissingError):
    """No instance of a neighbour is healthy, yet."""


class Answers:
    """One reading of everything: asked twice, it says the same.

    `changed` is called when a database or a queue has another account.
    """

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self._session = session
        self._changed = changed
        self.database = cache(self._database)
        self.queue = cache(self._queue)
        self.secret = cache(self._secret)
        self.services = cache(session.services)

    @property
    def environment(self) -> str:
        return self._session.environment

    @property
    def instance(self) -> str:
        return self._session.instance

    @property
    def config(self) -> Mapping[str, str]:
        return self._session.config.snapshot

    def service(self, name: str) -> Address:
        """Return a healthy instance: always the same one while it is healthy.

        Each instance of ours prefers another one (rendezvous hashing).
        """
        found = self.services(name)
        if not found:
            raise NobodyHealthyError(
                f"No instance of {name!r} is healthy in {self.environment!r}",
                "Look at that service's log, or use services(…), which may be empty",
            )
        return min(found, key=self._distance)

    def _distance(self, address: Address) -> bytes:
        return hashlib.sha256(f"{self.instance} {address}".encode()).digest()

    def _database(self, need: str) -> Database:
        return Database(*_told(self._session.account(need, self._changed).access))

    def _queue(self, need: str) -> Queue:
        return Queue(*_told(self._session.queue_account(need, self._changed).access))

    def _secret(self, name: str) -> Mapping[str, str]:
        secret = self._session.secret(name)
        return MappingProxyType({key: value.reveal() for key, value in secret.items()})


def _told(access: Access) -> tuple[str, str, str, int, str, str]:
    return (
        access.user, access.password.reveal(),
        access.host, access.port, access.database, access.url.reveal(),
    )  # fmt: skip
