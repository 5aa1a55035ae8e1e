"""`bough env`: the variables with which plain `pulumi` works on this platform."""

from __future__ import annotations

import shlex

import click

from bough_components.local.home import Home


@click.command()
def env() -> None:
    """Print shell exports for plain Pulumi: eval "$(bough env)"."""
    from bough.pulumi_environment import environment

    for name, value in environment(Home.current()).items():
        click.echo(f"export {name}={shlex.quote(value)}")
