"""Real git repositories for tests, made of a few files."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bough import repository as platform_side
from bough.source import Source

APPLICATION = """\
application: notes
services:
  web:
    port: 8000
    health: /health/ready
    needs: [db]
  worker:
    command: [python, -m, notes.worker]
    needs: [db]
needs:
  db:
    kind: postgres
    migrations: {service: web, command: [migrate], paths: [migrations]}
    seed: {service: web, command: [seed], paths: [seed.sql]}
"""
FILES = {
    "bough.yaml": APPLICATION,
    "Dockerfile": "FROM scratch\n",
    "migrations/0001.sql": "CREATE TABLE notes ()",
    "migrations/0002.sql": "CREATE TABLE more ()",
    "seed.sql": "INSERT",
}
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))
}


@dataclass(frozen=True)
class Repository:
    """A checkout in `folder`."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, files: dict[str, str] | None = None) -> Repository:
        """With one commit of `files` on branch `main`; without any file, no commit."""
        folder.mkdir()
        repository = cls(folder)
        repository.git("init", "--quiet", "--initial-branch=main")
        if files:
            repository.commit(files)
        return repository

    def git(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            env=os.environ | _IDENTITY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done.stdout.strip() if status == 0 else done.stderr

    def commit(self, files: dict[str, str]) -> str:
        """Commit these files beside those that are there; the commit's hash."""
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def source(self, ref: str = "main", folder: str = "") -> Source:
        commit = self.git("rev-parse", ref)
        return Source(repository=str(self.folder), folder=folder, ref=ref, commit=commit)

    def known(self, application: str = "notes", folder: str = "") -> platform_side.Repository:
        """As the platform knows it when an application is pushed to it."""
        return platform_side.Repository(
            path=str(self.folder), application=application, folder=folder
        )

    def bare(self, folder: Path) -> Repository:
        """A bare clone."""
        self.git("clone", "--quiet", "--bare", str(self.folder), str(folder))
        return Repository(folder)
