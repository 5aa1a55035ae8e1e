"""`bough hold`: no promotion of a release, or into a stage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bough.cli.approve import why_option
from bough_components.errors import UsageError
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.pipeline.people import Person
    from bough.pipeline.speaking import Word


@click.command()
@click.argument("release", required=False)
@click.option("--stage", help="Hold this stage instead of a release.")
@click.option("--application", help="Whose stage, where several have one of that name.")
@click.option("--release", "let_go", is_flag=True, help="Let it go again.")
@why_option
def hold(
    release: str | None, *, stage: str | None, application: str | None, let_go: bool, why: str
) -> None:
    """Keep RELEASE from every stage, or every release from a stage, until it is let go."""
    from bough import ledger
    from bough.pipeline import people

    if bool(release) == bool(stage):
        raise UsageError("one thing at a time", "name a release, or a stage with --stage")
    home, person = Home.current(), people.acting(Path.cwd())
    if release:
        what, word = _of_release(home, release, person, why, let_go=let_go)
    else:
        what, word = _of_stage(home, stage or "", application, person, why, let_go=let_go)
    ledger.record(home, word.event, **word.facts)
    click.echo(f"{person} {'lets go of' if let_go else 'holds'} {what}")


def _of_release(
    home: Home, name: str, person: Person, why: str, *, let_go: bool
) -> tuple[str, Word]:
    from bough.pipeline import speaking, stages

    state, release = stages.holding(home, name)
    say = speaking.let_release_go if let_go else speaking.hold_release
    return f"release {release.short}", say(state, release, person, why)


def _of_stage(
    home: Home, stage: str, application: str | None, person: Person, why: str, *, let_go: bool
) -> tuple[str, Word]:
    from bough.pipeline import speaking, stages

    state = stages.state(home, application, stage)
    say = speaking.let_stage_go if let_go else speaking.hold_stage
    return f"stage {stage} of {state.application}", say(state, stage, person, why)
