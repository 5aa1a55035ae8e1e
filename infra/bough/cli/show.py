"""`bough show`: all about one environment."""

from __future__ import annotations

import click

from bough.cli.output import emit, emit_one
from bough_components.local.home import Home


@click.command()
@click.argument("branch")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(branch: str, as_json: bool) -> None:
    """Show the environment of BRANCH: where it comes from, its URL, its instances."""
    from bough import pulumi_command, status
    from bough.environments import find

    home = Home.current()
    record = find(home, branch)
    instances = status.instances_status(home, record.slug)
    facts = {
        "environment": record.slug,
        "application": record.application,
        "branch": record.ref,
        "commit": record.deployed,
        "wanted": record.commit,
        "url": pulumi_command.outputs(home, record.slug).get("url"),
    }
    if as_json:
        emit_one({**facts, "instances": instances}, as_json=True)
        return
    emit_one(facts, as_json=False)
    click.echo()
    emit(instances, as_json=False)
