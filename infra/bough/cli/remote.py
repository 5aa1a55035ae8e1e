"""`bough remote`: a git remote whose pushes become environments."""

from __future__ import annotations

from pathlib import Path

import click

from bough.cli.up import directory_option
from bough_components.local.home import Home


@click.group()
def remote() -> None:
    """Git remotes of the platform."""


@remote.command()
@click.argument("name", default="bough")
@directory_option
def add(name: str, directory: Path) -> None:
    """Add the platform to this checkout as git remote NAME."""
    from bough import remotes

    repository = remotes.add(Home.current(), directory, name)
    click.echo(f"{name} leads to {repository}\npush a branch: git push {name} BRANCH")
