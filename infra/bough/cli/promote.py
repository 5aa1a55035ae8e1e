"""`bough promote`: a release, in the next stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bough.cli.output import emit_one
from bough.console import say, step
from bough_components.errors import BlockedError
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.release.promoting import Promoted

application_option = click.option("--application", help="Which, when several have such a stage.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("stage")
@click.argument("release", required=False)
@application_option
@click.option("--break-glass", "glass", metavar="WHY", help="Against the rules; written down.")
@json_option
def promote(
    stage: str,
    release: str | None,
    *,
    application: str | None,
    glass: str | None,
    as_json: bool,
) -> None:
    """Serve RELEASE in STAGE, by default the newest that may come, and ask its gates there."""
    from bough.release import promoting

    home = Home.current()
    with step(f"promote to {stage}"):
        done = promoting.promote(home, stage, release, say, application=application, glass=glass)
    show(done, as_json)


def show(done: Promoted, as_json: bool) -> None:
    """What a stage serves now; `BlockedError` when its gates did not pass that."""
    if as_json:
        verdicts = {name: verdict.result for name, verdict in done.verdicts.items()}
        facts = {"release": done.release, "stage": done.stage, "environment": done.environment}
        emit_one({**facts, "url": done.url, "verdicts": verdicts}, as_json=True)
    else:
        where = f" at {done.url}" if done.url else ""
        click.echo(f"{done.stage} serves release {done.release[:12]}{where}")
    if done.unpassed:
        raise BlockedError(
            f"release {done.release[:12]} goes no further than {done.stage}",
            done.unpassed,
            f"`bough rollback {done.stage}` brings back what served before",
        )
