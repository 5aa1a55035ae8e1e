"""Who speaks: an e-mail address, and a user of the machine.

A platform belongs to one user of its machine, in whose name everybody works there: so an e-mail
address tells people apart, and the user only where somebody gave none. Whoever may use a platform
could claim any address; what they claimed stays in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough import git, user
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
        if self.email and other.email:
            return self.email == other.email
        return self.user == other.user

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
    return Person.of(email, user.name())
