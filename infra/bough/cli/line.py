"""`bough line`: stop every promotion of an application, and let them go on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bough.cli.approve import why_option
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.pipeline.people import Person
    from bough.pipeline.speaking import Word
    from bough.pipeline.state import State

application_option = click.option("--application", help="Which, where the platform has several.")


@click.group()
def line() -> None:
    """Stop every promotion of an application, whatever its stages say."""


@line.command()
@application_option
@why_option
def stop(application: str | None, why: str) -> None:
    """Nothing is promoted any more."""
    from bough.pipeline import speaking

    _say(application, why, speaking.stop)


@line.command()
@application_option
@why_option
def resume(application: str | None, why: str) -> None:
    """Promotions go on."""
    from bough.pipeline import speaking

    _say(application, why, speaking.resume)


def _say(application: str | None, why: str, speak: Callable[[State, Person, str], Word]) -> None:
    from bough import ledger
    from bough.pipeline import people, stages

    home, person = Home.current(), people.acting(Path.cwd())
    state = stages.state(home, application)
    word = speak(state, person, why)
    ledger.record(home, word.event, **word.facts)
    click.echo(f"{state.application}: {word.event} by {person}")
