"""`pulumi` without bough's command line: on an application's stack, and on one of no meaning."""

import json
import shlex
import sys
from pathlib import Path

from bough_bench.sandbox import run, run_bough
from bough_components.local.home import Home

_FINDABLE = {"PYTHONPATH": str(Path(__file__).parents[1])}
_PROJECT = "name: bench\nruntime: python\ndescription: resources that do nothing\n"
_PROGRAM = "from bough_bench.trivial import main\n\nmain()\n"
UP = ("up", "--yes", "--skip-preview", "--json", "--non-interactive", "--stack")
DESTROY = ("destroy", "--yes", "--skip-preview", "--json", "--non-interactive", "--stack")


class Pulumi:
    """Pulumi in a folder with a Pulumi.yaml, with the variables that `bough env` prints."""

    def __init__(self, home: Home, folder: Path, variables: dict[str, str] | None = None) -> None:
        self._folder = folder
        lines = run_bough(home, folder, "env").splitlines()
        exports = [shlex.split(line)[1].partition("=") for line in lines]
        self._variables = {name: value for name, _, value in exports} | (variables or {})

    def run(self, *arguments: str) -> str:
        return run(self._folder, self._variables, "pulumi", *arguments)

    def create(self, stack: str) -> None:
        self.run("stack", "init", stack, "--non-interactive")
        self.run(*UP, stack)

    def up(self, stack: str) -> None:
        self.run(*UP, stack)

    def destroy(self, stack: str) -> None:
        self.run(*DESTROY, stack)
        self.run("stack", "rm", stack, "--yes", "--non-interactive")

    def resources(self, stack: str) -> int:
        """How many resources of a provider the stack has."""
        state = json.loads(self.run("stack", "export", "--stack", stack))
        return sum(entry["custom"] for entry in state["deployment"]["resources"])


def untuned(home: Home, folder: Path) -> Pulumi:
    """Pulumi in the same project without what bough sets to make it quicker."""
    return Pulumi(home, folder, {**_FINDABLE, "PULUMI_PYTHON_CMD": sys.executable})


def bare(home: Home, folder: Path, size: int) -> Pulumi:
    """Pulumi in a new project whose stack `bare`, now made, has `size` resources."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(_PROJECT)
    (folder / "__main__.py").write_text(_PROGRAM)
    pulumi = Pulumi(home, folder, _FINDABLE)
    pulumi.run("stack", "init", "bare", "--non-interactive")
    pulumi.run("config", "set", "bench:size", str(size), "--stack", "bare")
    pulumi.up("bare")
    return pulumi
