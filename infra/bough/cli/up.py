"""`bough up`: a branch's environment, created or brought to its newest commit."""

from __future__ import annotations

from pathlib import Path

import click

from bough.cli.output import emit_one
from bough.console import say, step
from bough_components.local.home import Home

directory_option = click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The application's folder, with bough.yaml.",
)


@click.command()
@click.argument("branch", required=False)
@directory_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def up(branch: str | None, directory: Path, as_json: bool) -> None:
    """Create or update the environment of BRANCH, by default the one checked out."""
    from bough import deploying, git
    from bough.source import Source

    source = Source.in_checkout(directory, branch)
    if branch is None and git.uncommitted(directory):
        say("uncommitted changes are no part of it: an environment is made from commits")
    with step(f"environment {source.slug} of {source.ref} at {source.commit[:10]}"):
        outcome = deploying.up(Home.current(), source, say)
    url = outcome.outputs.get("url")
    facts = {
        "environment": source.slug,
        "branch": source.ref,
        "commit": source.commit,
        "changed": outcome.changed,
        "url": url,
    }
    if as_json:
        emit_one(facts, as_json=True)
    else:
        click.echo(url or f"{source.slug} runs; it has no service with a route")
