"""Repositories of an application to push and to break: by default the tiny one of the fixtures."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.commands import Result
    from tests.support.platforms import Platform

SOURCES = Path(__file__).parents[1] / "fixtures" / "app"
EXAMPLES = Path(__file__).parents[2] / "examples"
NEED = "db"


@dataclass(frozen=True)
class Application:
    """A checkout in `folder`; every method that changes it ends in a commit."""

    folder: Path
    platform: Platform

    @classmethod
    def create(cls, folder: Path, platform: Platform, sources: Path = SOURCES) -> Application:
        shutil.copytree(sources, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        application = cls(folder, platform)
        application.git("init", "--quiet", "--initial-branch=main")
        application.commit("an application")
        return application

    def git(self, *arguments: str) -> Result:
        """A git command that must succeed."""
        return self.try_git(*arguments).ended()

    def try_git(self, *arguments: str) -> Result:
        return self.platform.run("git", *arguments, cwd=self.folder)

    def branch(self, name: str) -> str:
        """Check out a new branch of that name; the slug of its environment."""
        self.git("checkout", "--quiet", "-b", name)
        return self.platform.bough("name", name).ended().stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD").stdout.strip()

    def write(self, **files: str) -> str:
        """Commit these files; `answer` stands for `answer.txt`."""
        for name, text in files.items():
            (self.folder / f"{name}.txt").write_text(text)
        return self.commit(", ".join(f"{name} is {text}" for name, text in files.items()))

    def edit(self, path: str, old: str, new: str) -> str:
        """Commit a file with `old` replaced by `new`."""
        file = self.folder / path
        text = file.read_text()
        assert old in text, f"{path} does not have {old!r}"
        file.write_text(text.replace(old, new))
        return self.commit(f"{path} changed")

    def remove(self, path: str) -> str:
        (self.folder / path).unlink()
        return self.commit(f"{path} removed")

    def bough(self, *arguments: str) -> Result:
        """`bough …` in this checkout."""
        return self.platform.bough(*arguments, cwd=self.folder)

    def up(self) -> Result:
        return self.bough("up").ended()

    def push(self, *arguments: str) -> Result:
        return self.try_git("push", "bough", *arguments)
