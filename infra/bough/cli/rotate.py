"""`bough rotate`: new credentials now, while the application works."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from bough.cli.output import emit, emit_one
from bough.console import say, step
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.load import Load
    from bough.registry import Record


@click.command()
@click.argument("branch", required=False)
@click.option("--secret", help="Only this static secret, which bough makes.")
@click.option(
    "--under-load", is_flag=True, help="Send requests meanwhile, and say what came of it."
)
@click.option("--path", default="/", show_default=True, help="What to ask for under load.")
@click.option("--rounds", type=click.IntRange(1, 1000), default=1, help="Rotations, one by one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(
    branch: str | None,
    *,
    secret: str | None,
    under_load: bool,
    path: str,
    rounds: int,
    as_json: bool,
) -> None:
    """Rotate BRANCH's credentials; without it those of the platform and of every environment that
    was deployed, whatever ails one of them."""
    from bough import registry
    from bough.environments import find
    from bough_components.errors import BoughError, UsageError
    from bough_components.local import gossip

    home = Home.current()
    if (secret or under_load) and not branch:
        raise UsageError("one environment at a time", "name its branch")
    deployed = [record for record in registry.every(home) if record.deployed]
    records = [find(home, branch)] if branch else deployed
    rows: list[dict[str, Any]] = []
    failed: list[str] = []
    with _load(home, records[0], path) if under_load else nullcontext() as load:
        for record in records * rounds:
            try:
                rows.append(_rotated(home, record.slug, secret))
            except BoughError as error:
                if branch:
                    raise
                say(f"{record.slug}: {error}")
                failed.append(record.slug)
    if not branch:
        with step("rotate the platform's gossip key"):
            gossip.rotate(home)
    _tell(rows, load, as_json)
    if failed:
        raise BoughError(
            f"{', '.join(dict.fromkeys(failed))} could not be rotated, the rest was",
            "mend what is said above, then run `bough rotate` for each",
        )


def _rotated(home: Home, slug: str, secret: str | None) -> dict[str, Any]:
    from bough import lock, rotating

    with step(f"rotate {slug}"), lock.held(home, slug, "rotate", say):
        done = (
            rotating.rotate_secret(home, slug, secret)
            if secret
            else rotating.rotate(home, slug, say)
        )
    return vars(done)


def _load(home: Home, record: Record, path: str) -> Any:
    from bough import load
    from bough_components import names

    return load.driven(names.host(record.slug), home.settings.ports["edge"], path)


def _tell(rows: list[dict[str, Any]], load: Load | None, as_json: bool) -> None:
    if as_json:
        emit_one({"rotations": rows, "load": load.facts() if load else None}, as_json=True)
    else:
        emit(rows, as_json=False)
        if load:
            click.echo()
            emit_one(load.facts(), as_json=False)
    if load and load.failed:
        raise SystemExit(1)
