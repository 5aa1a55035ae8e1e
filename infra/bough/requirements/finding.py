"""What was found of a requirement, and what a requirement is."""

import os
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`version` is None when nothing was found; `problem` says why it does not serve, if so."""

    version: str | None
    problem: str = ""
    mend: str = ""
    where: str = ""

    @property
    def serves(self) -> bool:
        return self.version is not None and not self.problem


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """A dependency: what is needed, how to find it, how to mend it.

    `mend` may contain `{sudo}`. An optional one is needed only in the case that `only` names.
    """

    name: str
    needed: str
    find: Callable[[], Finding]
    mend: str
    only: str = ""


def as_this_user(command: str) -> str:
    """`{sudo}apt-get …` → what this user has to type."""
    return command.replace("{sudo}", "" if os.geteuid() == 0 else "sudo ")
