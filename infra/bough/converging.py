"""Bringing an environment to where its branch is in a repository: what a push sets off.

Decided from the branch as it is now and never from what was queued: so the newest commit wins,
a deleted branch outranks every queued update, and whoever comes late finds the work done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough import deploying, destroying, git, lock, pulumi_command, registry
from bough.branch import slug
from bough.descriptions import described
from bough_components.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.repository import Repository
    from bough_components.local.home import Home


@dataclass(frozen=True)
class Result:
    """`commit` is None when the environment was destroyed with its branch."""

    slug: str
    commit: str | None
    url: str | None


def converge(home: Home, repository: Repository, ref: str, report: Callable[[str], None]) -> Result:
    """Make the environment of `ref` what `ref` is now, and look again when that is done."""
    name = slug(ref)
    registry.require(home, name, repository.application, ref)
    with lock.held(home, name, f"push to {ref}", report):
        while True:
            commit = _commit(repository.path, ref)
            if commit is None:
                destroying.destroy_locked(home, name, report)
                return Result(name, None, None)
            if commit == registry.deployed(home, name):
                return Result(name, commit, pulumi_command.outputs(home, name).get("url"))
            source = repository.source(ref, commit)
            report(f"environment {name} of {ref} at {commit[:10]}")
            deploying.up_locked(home, source, described(home, source), report)


def _commit(repository: str, ref: str) -> str | None:
    try:
        return git.commit_of(repository, ref)
    except NotFoundError:
        return None
