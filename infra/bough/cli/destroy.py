"""`bough destroy`: an environment, taken away and proven gone."""

from __future__ import annotations

import click

from bough.cli.output import emit_one
from bough.console import say, step
from bough_components.local.home import Home


@click.command()
@click.argument("branch")
@click.option("--permanent", "typed", metavar="NAME", help="The name of the stage that shall go.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def destroy(branch: str, typed: str | None, as_json: bool) -> None:
    """Destroy the environment of BRANCH (or of that slug); its checkout need not exist.

    A stage with its data goes only when its name is given once more.
    """
    from bough import destroying
    from bough.environments import slug_of

    home = Home.current()
    slug = slug_of(home, branch)
    with step(f"destroy {slug}"):
        existed = destroying.destroy(home, slug, say, typed=typed)
    if as_json:
        emit_one({"environment": slug, "existed": existed, "left": []}, as_json=True)
    elif existed:
        click.echo(f"{slug} is destroyed: nothing of it is left")
    else:
        click.echo(f"there is no environment {slug}: nothing to destroy")
