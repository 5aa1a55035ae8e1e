"""Repositories of the platform that applications push to."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

from bough import git
from bough.repository import Repository
from bough.source import Source
from bough_components.errors import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from bough_components.local.home import Home

_HOOKS = ("pre-receive", "post-receive")


def add(home: Home, directory: Path, name: str) -> Path:
    """Prepare a bare repository with hooks and add it to the checkout as remote `name`.

    May be run again. Raises `RefusedError` when the remote exists and leads elsewhere.
    """
    source = Source.in_checkout(directory)
    application = source.application().application
    repository = home.folder("repositories") / f"{application}.git"
    if not (repository / "HEAD").exists():
        git.git(home.root, "init", "--quiet", "--bare", str(repository))
    Repository(path=str(repository), application=application, folder=source.folder).remember()
    # HEAD of a bare repository means nothing here, so every branch may be deleted
    git.git(repository, "config", "receive.denyDeleteCurrent", "ignore")
    for hook in _HOOKS:
        _write_hook(home, repository / "hooks" / hook, hook)
    _add_remote(directory, name, str(repository))
    return repository


def _write_hook(home: Home, path: Path, hook: str) -> None:
    path.parent.mkdir(exist_ok=True)
    command = f"exec {shlex.quote(sys.executable)} -m bough hook {hook}"
    home_line = f"BOUGH_HOME={shlex.quote(str(home.root))} && export BOUGH_HOME"
    path.write_text(f"#!/bin/sh\n{home_line}\n{command}\n")
    path.chmod(0o755)


def _add_remote(directory: Path, name: str, repository: str) -> None:
    remotes = git.git(directory, "remote").split()
    if name not in remotes:
        git.git(directory, "remote", "add", name, repository)
        return
    known = git.git(directory, "remote", "get-url", name)
    if known != repository:
        raise RefusedError(
            f"remote {name} leads to {known}", "choose another name: `bough remote add NAME`"
        )
