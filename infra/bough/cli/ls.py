"""`bough ls`: the environments of this platform."""

from __future__ import annotations

import click

from bough.cli.output import emit
from bough_components.local.home import Home


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ls(as_json: bool) -> None:
    """List environments: branch, commit served, instances up, URL."""
    from bough.status import environments_status

    emit(environments_status(Home.current()), as_json)
