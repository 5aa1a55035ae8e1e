"""`bough exec`: a command inside an instance."""

from __future__ import annotations

import subprocess
import sys

import click

from bough.cli.output import emit_one
from bough_components.local.home import Home


@click.command("exec", context_settings={"allow_interspersed_args": False})
@click.argument("branch")
@click.argument("service")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--json", "as_json", is_flag=True, help="Print status and output as JSON.")
def exec_(branch: str, service: str, command: tuple[str, ...], as_json: bool) -> None:
    """Run COMMAND in an instance of SERVICE (or in that instance) of BRANCH's environment."""
    from bough import reading
    from bough.environments import find

    home = Home.current()
    found = reading.choose(home, find(home, branch).slug, service)[0]
    terminal = ["--tty"] if sys.stdin.isatty() and sys.stdout.isatty() and not as_json else []
    done = subprocess.run(
        ["docker", "exec", "--interactive", *terminal, found["Id"], *command],
        capture_output=as_json,
        text=True,
        check=False,
    )
    if as_json:
        facts = {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
        emit_one(facts, as_json=True)
    sys.exit(done.returncode)
