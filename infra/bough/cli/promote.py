"""`bough promote` and `bough rollback`: what a stage serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bough.cli.output import emit_one
from bough.console import say, step
from bough_components.errors import BlockedError
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.release.promoting import Promoted

_application = click.option("--application", help="Which, when several have such a stage.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("stage")
@click.argument("release", required=False)
@_application
@click.option("--break-glass", "glass", metavar="WHY", help="Against the rules; written down.")
@_json
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
    _show(done, as_json)


@click.command()
@click.argument("stage")
@click.argument("release", required=False)
@_application
@_json
def rollback(stage: str, release: str | None, *, application: str | None, as_json: bool) -> None:
    """Serve an older RELEASE in STAGE again, by default the last one that passed its gates there.

    The secrets that it had come back with it; databases stay as they are. It is refused when they
    cannot serve it.
    """
    from bough.release import promoting

    home = Home.current()
    with step(f"roll back {stage}"):
        done = promoting.rollback(home, stage, release, say, application=application)
    _show(done, as_json)


def _show(done: Promoted, as_json: bool) -> None:
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
