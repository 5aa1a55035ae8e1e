"""What a session says about itself: plain data, ready for JSON. Ages and times are in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict


class TokenStatus(TypedDict):
    age: float
    remaining: float
    relogins: int
    failures: int
    last_error: str | None


class AccountStatus(TypedDict):
    user: str
    age: float
    remaining: float
    rotations: int
    failures: int
    last_error: str | None


class SecretStatus(TypedDict):
    version: int
    age: float


class Status(TypedDict):
    """`survivable` as in `Session.survivable`; the age of a secret is since it was last read.

    `last_error` is the class of the last failure, e.g. `UnreachableError`; it stays after the
    failure has passed.
    """

    environment: str
    service: str
    instance: str
    valid: bool
    survivable: float
    token: TokenStatus
    databases: dict[str, AccountStatus]
    queues: dict[str, AccountStatus]
    secrets: dict[str, SecretStatus]


@dataclass
class Troubles:
    """How often something failed, and the kind of the last failure."""

    failures: int = 0
    last_error: str | None = None

    def add(self, error: Exception) -> None:
        self.failures += 1
        self.last_error = type(error).__name__
