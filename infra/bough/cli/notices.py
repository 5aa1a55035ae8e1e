"""`bough notices`: what nobody could be told yet, or ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bough.cli.output import emit
from bough_components.errors import BoughError
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def notices(as_json: bool) -> None:
    """List notices of deployments that wait, and those of the last week that were given up."""
    from bough.notices import status

    emit(status.undelivered(Home.current()), as_json)


def undelivered(home: Home, environment: str | None = None) -> list[dict[str, Any]] | None:
    """What `bough notices` lists, of one environment or of all; None while the ledger is away."""
    from bough.notices import status

    try:
        return status.undelivered(home, environment)
    except BoughError:
        return None


def lines(rows: Iterable[Mapping[str, Any]] | None) -> list[str]:
    """One for each that was given up; one for all that wait."""
    from bough.notices import status

    if rows is None:
        return ["which notices wait is not known while the ledger is away"]
    return [status.line(row) for row in rows]
