"""`bough keeper`: the process that gives instances new credentials and starts what fell."""

from __future__ import annotations

import os

import click

from bough.cli.output import emit_one
from bough_components.local.home import Home


@click.group()
def keeper() -> None:
    """The platform's own process on this machine; `bough platform up` starts it."""


@keeper.command()
def start() -> None:
    """Have it run; nothing happens when it does."""
    from bough.keeper import process

    process.ensure(Home.current())


@keeper.command()
def stop() -> None:
    """End it: until it is started again, nothing heals by itself."""
    from bough.keeper import process

    process.stop(Home.current())


@keeper.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Whether it runs; exit status 1 when it does not."""
    from bough.keeper import process

    home = Home.current()
    found = process.running(home)
    facts = {"runs": bool(found), "process": found and found.pid, "log": f"{home.root}/logs"}
    emit_one(facts, as_json)
    if not found:
        raise SystemExit(1)


@keeper.command(hidden=True)
@click.option("--detached", is_flag=True)
def run(detached: bool) -> None:
    """Be it, in the foreground or in a session of its own."""
    from bough.keeper import loop

    if detached:
        if os.fork():
            os._exit(0)
        os.setsid()
    loop.run(Home.current())
