"""`bough canary`: a release beside the one that serves in a stage, on some of its instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bough.cli.approve import why_option
from bough.cli.output import emit_one
from bough.cli.promote import application_option, json_option
from bough.console import say, step
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.release.trying import Tried

_PERCENT = click.FloatRange(0, 100)


@click.group()
def canary() -> None:
    """Try a release beside the one that serves in a stage."""


@canary.command()
@click.argument("stage")
@click.argument("release", required=False)
@click.option("--instances", type=click.IntRange(1), default=1, show_default=True)
@click.option("--share", type=_PERCENT, default=10, show_default=True, help="Of clients, in %.")
@application_option
@json_option
def start(
    stage: str,
    release: str | None,
    *,
    instances: int,
    share: float,
    application: str | None,
    as_json: bool,
) -> None:
    """Serve RELEASE, by default the newest that may come, on some instances of each service of
    STAGE: once its gates have passed it there, for a share of the clients."""
    from bough.release import trying

    home = Home.current()
    with step(f"canary in {stage}"):
        done = trying.start(
            home,
            stage,
            release,
            say,
            instances=instances,
            share=share,
            application=application,
        )
    _show(done, as_json)


@canary.command("share")
@click.argument("stage")
@click.argument("percent", type=_PERCENT)
@application_option
@json_option
def share_(stage: str, percent: float, *, application: str | None, as_json: bool) -> None:
    """Give the canary of STAGE PERCENT of the clients; who has it keeps it while that grows."""
    from bough.release import trying

    home = Home.current()
    with step(f"canary in {stage}"):
        done = trying.share(home, stage, percent, say, application=application)
    _show(done, as_json)


@canary.command()
@click.argument("stage")
@application_option
@why_option
@json_option
def stop(stage: str, *, application: str | None, why: str, as_json: bool) -> None:
    """Take the clients of STAGE's canary back at once, then its instances."""
    from bough.release import trying

    home = Home.current()
    with step(f"canary in {stage}"):
        done = trying.stop(home, stage, why, say, application=application)
    _show(done, as_json)


def _show(done: Tried, as_json: bool) -> None:
    if as_json:
        facts = {"stage": done.stage, "environment": done.environment, "release": done.release}
        emit_one({**facts, "url": done.url, "canary": done.canary and done.canary.facts}, True)
        return
    beside = f"; beside it {done.canary}" if done.canary else " alone"
    where = f" at {done.url}" if done.url else ""
    click.echo(f"{done.stage} serves release {done.release[:12]}{where}{beside}")
