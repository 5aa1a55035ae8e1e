"""`bough open`: an environment in the browser."""

from __future__ import annotations

import click

from bough.cli.output import emit_one
from bough_components.errors import NotFoundError
from bough_components.local.home import Home


@click.command("open")
@click.argument("branch")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and open nothing.")
def open_(branch: str, as_json: bool) -> None:
    """Print the URL of BRANCH's environment and open it in a browser."""
    from bough import pulumi_command
    from bough.environments import find

    home = Home.current()
    slug = find(home, branch).slug
    url = pulumi_command.outputs(home, slug).get("url")
    if url is None:
        raise NotFoundError(f"environment {slug} has no URL", f"see `bough show {slug}`")
    if as_json:
        emit_one({"environment": slug, "url": url}, as_json=True)
        return
    click.echo(url)
    click.launch(url)
