"""Which application, at which commit: where an environment comes from."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bough import git
from bough.branch import short, slug
from bough_components.errors import ConfigurationError

if TYPE_CHECKING:
    from bough.config import Application

VARIABLE = "BOUGH_SOURCE"
"""Environment variable by which `bough up` tells the Pulumi program its source."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """`repository` is a checkout or a bare repository, `folder` the application's folder in it
    ('' for its root), `commit` a full hash."""

    repository: str
    folder: str
    ref: str
    commit: str

    @classmethod
    def in_checkout(cls, directory: Path, ref: str | None = None) -> Source:
        """The application in `directory` on a branch, by default the one that is checked out."""
        top = git.toplevel(directory)
        folder = directory.resolve().relative_to(Path(top).resolve()).as_posix()
        name = short(ref) if ref else git.current_branch(directory)
        return cls(
            repository=top,
            folder="" if folder == "." else folder,
            ref=name,
            commit=git.commit_of(top, name),
        )

    @classmethod
    def told(cls) -> Source | None:
        """The source that `bough up` told this process, if it did."""
        text = os.environ.get(VARIABLE)
        return cls(**json.loads(text)) if text else None

    def tell(self) -> dict[str, str]:
        """The environment variable with which another process is `told` this source."""
        return {VARIABLE: json.dumps(asdict(self))}

    @property
    def slug(self) -> str:
        return slug(self.ref)

    def path(self, path: str) -> str:
        """A path of the application as a path in the repository."""
        inside = "" if path in ("", ".") else path
        return f"{self.folder}/{inside}".strip("/")

    def application(self) -> Application:
        """bough.yaml as it is in the commit; `ConfigurationError` when it is missing or wrong."""
        from bough.config import FILE_NAME, parse

        text = git.text_of(self.repository, self.commit, self.path(FILE_NAME))
        where = f"{self.path(FILE_NAME)} in commit {self.commit[:10]} of {self.ref}"
        if text is None:
            raise ConfigurationError(
                f"there is no {where}", hint="write one with `bough init`, then commit it"
            )
        return parse(text, where)
