"""What git's hooks in the platform's repositories do: judge a push, then set it off."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough import config, deploying, registry
from bough.branch import slug
from bough.descriptions import described
from bough_components.errors import ConfigurationError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bough.repository import Repository
    from bough.source import Source
    from bough_components.local.home import Home

_HEADS = "refs/heads/"
_POLL = 0.05


@dataclass(frozen=True)
class Change:
    """One branch in a push; `commit` is None when the push deletes it, `old` when it is new."""

    ref: str
    commit: str | None
    old: str | None = None


def changes(lines: Iterable[str]) -> list[Change]:
    """The branches among a hook's input lines, `old new ref`."""
    fields = [line.rstrip("\n").split(" ", 2) for line in lines if line.strip()]
    return [
        Change(ref.removeprefix(_HEADS), _commit(new), _commit(old))
        for old, new, ref in fields
        if ref.startswith(_HEADS)
    ]


def _commit(text: str) -> str | None:
    """Git says "none" with a hash of zeros."""
    return None if set(text) == {"0"} else text


def judge(
    home: Home, repository: Repository, change: Change, report: Callable[[str], None]
) -> None:
    """Refuse a push before anything is made: by name, by bough.yaml, by a build that fails."""
    registry.require(home, slug(change.ref), repository.application, change.ref)
    commit = change.commit or change.old
    if commit is None:
        return
    source = repository.source(change.ref, commit)
    if change.commit is None:
        _refuse_deletion(source)
        return
    application = source.application()
    reason = config.refuse_push(change.ref, application.environments)
    if reason:
        raise RefusedError(reason)
    if application.application != repository.application:
        raise RefusedError(
            f"this repository is that of {repository.application or 'no application'},"
            f" bough.yaml says {application.application}",
            f"keep the name, or run `bough remote add` in a checkout of {application.application}",
        )
    deploying.build(home, described(home, source), report)


def _refuse_deletion(source: Source) -> None:
    """Deleting a protected branch is a push to it too; what bough.yaml cannot say, it allows."""
    try:
        protected = source.application().environments.protected
    except ConfigurationError:
        return
    if source.ref in protected:
        raise RefusedError(f'branch "{source.ref}" is protected: nobody deletes it by a push')


def follow(home: Home, repository: str, ref: str, write: Callable[[str], None]) -> int:
    """Converge in a process of its own and pass on what it says; its exit status.

    An interrupted push ends this process and not that one: the branch has moved already, and so
    its environment follows.
    """
    log = home.folder(f"logs/{slug(ref)}") / f"{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.log"
    with log.open("w") as output:
        runner = subprocess.Popen(
            [sys.executable, "-m", "bough", "hook", "converge", repository, ref],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=_without_git(os.environ) | {"BOUGH_HOME": str(home.root)},
            start_new_session=True,
        )
    _pass_on(runner, log, write)
    return runner.returncode


def _pass_on(runner: subprocess.Popen[bytes], log: Path, write: Callable[[str], None]) -> None:
    with log.open() as lines:
        while True:
            ended = runner.poll() is not None
            for line in lines:
                write(line)
            if ended:
                return
            time.sleep(_POLL)


def _without_git(variables: os._Environ[str]) -> dict[str, str]:
    """Git tells its hooks where it works; other git commands must find out for themselves."""
    return {key: value for key, value in variables.items() if not key.startswith("GIT_")}
