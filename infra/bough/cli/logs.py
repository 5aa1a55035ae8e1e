"""`bough logs`: what an environment's instances wrote."""

from __future__ import annotations

import json

import click

from bough_components.local.home import Home


@click.command()
@click.argument("branch")
@click.argument("service", required=False)
@click.option("--tail", type=click.IntRange(0), default=100, help="Lines of each instance.")
@click.option("--follow", "-f", is_flag=True, help="Go on until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def logs(branch: str, service: str | None, tail: int, follow: bool, as_json: bool) -> None:
    """Show what the instances of BRANCH's environment (of SERVICE) wrote."""
    from bough import reading
    from bough.environments import find

    home = Home.current()
    for line in reading.log_lines(home, find(home, branch).slug, service, tail, follow=follow):
        if as_json:
            click.echo(json.dumps({"instance": line.instance, "line": line.text}))
        else:
            click.echo(f"{line.instance} | {line.text}")
