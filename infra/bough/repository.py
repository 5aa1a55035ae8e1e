"""A repository of the platform that an application is pushed to."""

from __future__ import annotations

from dataclasses import dataclass

from bough import git
from bough.branch import slug
from bough.source import Source
from bough_components.errors import BoughError


@dataclass(frozen=True, kw_only=True)
class Repository:
    """`folder` is where in it the application is ('' for its root)."""

    path: str
    application: str
    folder: str

    @classmethod
    def at(cls, path: str) -> Repository:
        """What `bough remote add` wrote down there."""
        return cls(
            path=path,
            application=_setting(path, "bough.application"),
            folder=_setting(path, "bough.folder"),
        )

    def remember(self) -> None:
        """Write it down for the hooks."""
        git.git(self.path, "config", "bough.application", self.application)
        git.git(self.path, "config", "bough.folder", self.folder)

    def source(self, ref: str, commit: str) -> Source:
        """The application on a branch at a commit; `UsageError` for a ref without a slug."""
        slug(ref)
        return Source(repository=self.path, folder=self.folder, ref=ref, commit=commit)


def _setting(path: str, name: str) -> str:
    try:
        return git.git(path, "config", "--get", name)
    except BoughError:
        return ""
