"""`bough rollback`: an older release, in a stage again."""

from __future__ import annotations

import click

from bough.cli.promote import application_option, json_option, show
from bough.console import say, step
from bough_components.local.home import Home


@click.command()
@click.argument("stage")
@click.argument("release", required=False)
@application_option
@json_option
def rollback(stage: str, release: str | None, *, application: str | None, as_json: bool) -> None:
    """Serve an older RELEASE in STAGE again, by default the last one that passed its gates there.

    The secrets that it had come back with it; databases stay as they are. It is refused when they
    cannot serve it.
    """
    from bough.release import promoting

    home = Home.current()
    with step(f"roll back {stage}"):
        done = promoting.rollback(home, stage, release, say, application=application)
    show(done, as_json)
