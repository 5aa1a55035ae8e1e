"""Who speaks: an e-mail address, which anybody may claim, and a user of the machine.

Two that share either may be one person, so they count as one. Only two that share both surely are
one, so only that takes a rejection back.
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough import git
from bough_components.errors import BoughError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Person:
    """`email` is in lower case."""

    email: str
    user: str

    @classmethod
    def of(cls, email: str, user: str) -> Person:
        return cls(email.strip().casefold(), user)

    def may_be(self, other: Person) -> bool:
        return self.user == other.user or self.email == other.email != ""

    def __str__(self) -> str:
        return f"{self.email} ({self.user})" if self.email else self.user


def acting(directory: Path) -> Person:
    """Whoever runs this, by git's settings and the operating system; `UsageError` when git knows
    no e-mail address."""
    try:
        email = git.git(directory, "config", "--get", "user.email")
    except BoughError:
        email = ""
    if "@" not in email:
        raise UsageError(
            "git does not know your e-mail address, and approvals are by name",
            "run `git config --global user.email you@example.org`",
        )
    return Person.of(email, getpass.getuser())
