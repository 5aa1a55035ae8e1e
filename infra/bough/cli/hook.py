"""`bough hook`: what git calls in the platform's repositories; not for people."""

from __future__ import annotations

import os
import sys

import click

from bough.console import say
from bough_components.local.home import Home


@click.group(hidden=True)
def hook() -> None:
    """Called by git."""


@hook.command("pre-receive")
def pre_receive() -> None:
    """Refuse what the policy, bough.yaml or the build refuses."""
    from bough import pushing
    from bough.repository import Repository

    home, repository = Home.current(), Repository.at(os.getcwd())
    for change in pushing.changes(sys.stdin):
        pushing.judge(home, repository, change, say)


@hook.command("post-receive")
def post_receive() -> None:
    """Bring each pushed branch's environment to where the branch is now."""
    from bough import pushing

    home, repository = Home.current(), os.getcwd()
    for change in pushing.changes(sys.stdin):
        pushing.follow(home, repository, change.ref, lambda text: click.echo(text, nl=False))


@hook.command()
@click.argument("repository")
@click.argument("ref")
def converge(repository: str, ref: str) -> None:
    """Make the environment of REF what REF is in REPOSITORY."""
    from bough.converging import converge as run
    from bough.repository import Repository

    result = run(Home.current(), Repository.at(repository), ref, say)
    if result.commit is None:
        click.echo(f"{result.slug} is destroyed: nothing of it is left")
    else:
        click.echo(f"{result.slug} serves {result.commit[:10]}")
        click.echo(result.url or "it has no service with a route")
