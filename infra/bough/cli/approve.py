"""`bough approve`: say that a release may go to a stage."""

from __future__ import annotations

from pathlib import Path

import click

from bough_components.local.home import Home

why_option = click.option("--why", default="", help="The reason, for whoever reads it later.")


@click.command()
@click.argument("release")
@click.argument("stage")
@why_option
def approve(release: str, stage: str, why: str) -> None:
    """Approve RELEASE for STAGE, in your name: git's e-mail address and this machine's user.

    It counts for this very release only, and never for its authors.
    """
    from bough import ledger
    from bough.pipeline import approvals, people, speaking, stages

    home, person = Home.current(), people.acting(Path.cwd())
    state, found = stages.holding(home, release)
    word = speaking.approve(state, found, stage, person, why)
    ledger.record(home, word.event, **word.facts)
    given = len(approvals.approvals(state, found, stage)) + 1
    wanted = state.pipeline.stage(stage).approvals
    click.echo(f"{person} approved {found.short} for {stage}: {given} of {wanted}")
