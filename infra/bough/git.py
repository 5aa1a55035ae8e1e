"""What bough asks of git, always of a commit and never of files that lie about."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from bough_components.errors import BoughError, NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def git(directory: Path | str, *arguments: str) -> str:
    """The output of one git command, without the last newline; git's own words as `BoughError`."""
    done = subprocess.run(
        ["git", "-C", str(directory), *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
    )
    if done.returncode:
        raise BoughError(f"git {arguments[0]} failed in {directory}: {done.stderr.strip()}")
    return done.stdout.rstrip("\n")


def toplevel(directory: Path) -> str:
    """The root of the checkout that holds `directory`; `UsageError` where there is none."""
    try:
        return git(directory, "rev-parse", "--show-toplevel")
    except BoughError as error:
        if "not a git repository" not in error.message:
            raise
        raise UsageError(
            f"{directory} is not in a git repository", "run this in an application's checkout"
        ) from None


def current_branch(directory: Path) -> str:
    """The branch that is checked out; `UsageError` on a detached HEAD."""
    name = git(directory, "branch", "--show-current")
    if not name:
        raise UsageError(f"{directory} is on no branch", "name one: `bough up BRANCH`")
    return name


def commit_of(repository: str, ref: str) -> str:
    """The full hash of the commit a branch points to; `NotFoundError` when there is none."""
    for candidate in (f"refs/heads/{ref}", f"refs/remotes/origin/{ref}"):
        try:
            return git(repository, "rev-parse", "--verify", "--quiet", f"{candidate}^{{commit}}")
        except BoughError:
            continue
    raise NotFoundError(
        f"there is no branch {ref!r} with a commit in {repository}",
        "see `git branch --all`; commit something first if it is new",
    )


def object_of(repository: str, commit: str, path: str) -> str | None:
    """The hash of a file or folder in a commit ('' or '.' is its root), or None."""
    where = "" if path in ("", ".") else path
    try:
        return git(repository, "rev-parse", "--verify", "--quiet", f"{commit}:{where}")
    except BoughError:
        return None


def text_of(repository: str, commit: str, path: str) -> str | None:
    """The content of a file in a commit, or None."""
    try:
        return git(repository, "cat-file", "blob", f"{commit}:{path}")
    except BoughError:
        return None


def authors(repository: str, commit: str, before: Iterable[str] = ()) -> list[str]:
    """The e-mail addresses of who wrote and committed a commit, and those that led to it from the
    commits `before` (which need not be known here); without any, of that commit alone."""
    known = list(before)
    last = ["--max-count=1"] if not known else []
    revisions = [commit, *(f"^{each}" for each in known)]
    log = git(repository, "log", "--format=%ae%n%ce", "--ignore-missing", *last, *revisions)
    alone = git(repository, "show", "-s", "--format=%ae%n%ce", commit)
    return sorted({*log.splitlines(), *alone.splitlines()})


def files_of(repository: str, commit: str, paths: Iterable[str]) -> dict[str, str]:
    """Every file below `paths` in a commit, with its object's hash."""
    listing = git(repository, "ls-tree", "-r", "-z", commit, "--", *paths)
    entries = [entry.partition("\t") for entry in listing.split("\0") if entry]
    return {_utf8(path): facts.split()[2] for facts, _, path in entries}


def _utf8(path: str) -> str:
    """A path whose bytes may be anything, as text that JSON and Pulumi can carry."""
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")


def uncommitted(directory: Path) -> bool:
    """Whether the checkout differs from its commit below `directory`."""
    return bool(git(directory, "status", "--porcelain", "--", "."))
