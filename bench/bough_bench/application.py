"""The fixture as an application in a git repository of its own, in two releases."""

import shutil
from pathlib import Path

from bough_bench.sandbox import run, run_bough
from bough_components.local.home import Home

FIXTURE = Path(__file__).parents[1] / "fixture"
MIXED = Path(__file__).parents[1] / "mixed"
_IDENTITY = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")


class Application:
    """A checkout of `fixture` in `folder`; `releases` are two commits that differ in one line."""

    def __init__(self, home: Home, folder: Path, fixture: Path = FIXTURE) -> None:
        self.folder = folder
        shutil.copytree(fixture, folder, ignore=shutil.ignore_patterns("__pycache__"))
        self._git("init", "--quiet", "--initial-branch", "trunk")
        run_bough(home, folder, "init")
        self.releases = (self._commit("1"), self._commit("2"))

    def point(self, branch: str, release: int) -> None:
        """Let a branch, made when it is new, stand at release 0 or 1."""
        self._git("checkout", "--quiet", "--detach", self.releases[release])
        self._git("branch", "--force", branch)

    def check_out(self, branch: str, release: int) -> None:
        self.point(branch, release)
        self._git("checkout", "--quiet", branch)

    def commit_all(self, message: str) -> str:
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)
        return self._git("rev-parse", "HEAD").strip()

    def _commit(self, release: str) -> str:
        (self.folder / "release.txt").write_text(f"{release}\n")
        return self.commit_all(f"Release {release}")

    def _git(self, *arguments: str) -> str:
        return run(self.folder, {}, "git", *_IDENTITY, *arguments)
