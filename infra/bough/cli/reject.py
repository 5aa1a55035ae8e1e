"""`bough reject`: say that a release must not go to a stage."""

from __future__ import annotations

from pathlib import Path

import click

from bough.cli.approve import why_option
from bough_components.local.home import Home


@click.command()
@click.argument("release")
@click.argument("stage")
@why_option
@click.option("--withdraw", is_flag=True, help="Take back your rejection.")
def reject(release: str, stage: str, why: str, *, withdraw: bool) -> None:
    """Block RELEASE from STAGE until you take it back. A new release is not blocked."""
    from bough import ledger
    from bough.pipeline import people, speaking, stages

    home, person = Home.current(), people.acting(Path.cwd())
    state, found = stages.holding(home, release)
    say = speaking.withdraw if withdraw else speaking.reject
    word = say(state, found, stage, person, why)
    ledger.record(home, word.event, **word.facts)
    done = "no longer rejects" if withdraw else "rejects"
    click.echo(f"{person} {done} {found.short} for {stage}")
