"""A platform of the tests' own, used through the installed `bough` as a person uses it."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from tests.support.commands import LONG, Result, run, started

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from tests.support.commands import Running

BOUGH = Path(sys.executable).with_name("bough")
ROLES = ("registry", "postgres", "vault", "consul", "edge")
FIRST_START = 1500.0
"""Seconds: the first platform on a machine may have to build its images."""
_FOREIGN = ("BOUGH_", "PULUMI_", "GIT_")
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


@dataclass(frozen=True)
class Platform:
    """`root` is its BOUGH_HOME, `port` that of its edge."""

    root: Path
    port: int

    @property
    def env(self) -> dict[str, str]:
        """What a user's shell has: nothing of another platform, and an identity for git."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_FOREIGN)}
        return kept | _GIT | {"BOUGH_HOME": str(self.root)}

    @property
    def settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = json.loads((self.root / "platform.json").read_text())
        return settings

    @property
    def name(self) -> str:
        name: str = self.settings["name"]
        return name

    @property
    def memory(self) -> Path:
        return Path("/dev/shm") / f"bough-{os.getuid()}" / self.name  # noqa: S108

    def key(self, name: str) -> str:
        """A secret of the platform, e.g. `postgres/postgres`."""
        return (self.root / "keys" / name).read_text().strip()

    def container(self, role: str) -> str:
        return f"{self.name}.{role}"

    def run(
        self,
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        timeout: float = LONG,
    ) -> Result:
        """Any program, in the environment of this platform's user."""
        words = [str(argument) for argument in arguments]
        where, variables = cwd or self.root.parent, {**self.env, **(env or {})}
        return run(words, cwd=where, env=variables, stdin=stdin, timeout=timeout)

    def bough(
        self,
        *arguments: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        timeout: float = LONG,
    ) -> Result:
        return self.run(BOUGH, *arguments, cwd=cwd, env=env, stdin=stdin, timeout=timeout)

    def started(self, *arguments: str, cwd: Path | None = None) -> AbstractContextManager[Running]:
        """`bough …` in the background; it ends with the block at the latest."""
        return started([str(BOUGH), *arguments], cwd=cwd or self.root.parent, env=self.env)

    def json(self, *arguments: str) -> Any:
        """What `bough … --json` prints."""
        return json.loads(self.bough(*arguments, "--json").ended().stdout)

    def ask(self, slug: str, path: str = "/state", *, note: str | None = None) -> requests.Response:
        """A request to an environment through the edge; with `note`, one that adds it."""
        return requests.request(
            "POST" if note else "GET",
            f"http://127.0.0.1:{self.port}{path}",
            headers={"Host": f"{slug}.localhost:{self.port}"},
            data=note,
            timeout=20,
        )

    def state(self, slug: str) -> dict[str, Any]:
        """What the application says of itself, read from its database."""
        answer = self.ask(slug)
        assert answer.status_code == 200, f"{slug} answers {answer.status_code}: {answer.text}"
        state: dict[str, Any] = answer.json()
        return state

    def serves(self, slug: str, **expected: Any) -> bool:
        """Whether an environment answers, and says that of itself."""
        try:
            answer = self.ask(slug)
            return answer.ok and expected.items() <= answer.json().items()
        except requests.RequestException:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
