"""`bough log`: what happened, from the platform's ledger."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import click

from bough.cli.output import emit
from bough_components.local.home import Home

_COLUMNS = ("at", "event", "who", "application", "environment", "release")
_LONG = ("record", "description", "stages", "gates", "evidence")
"""Facts that are whole documents: `--json` prints them."""


@click.command()
@click.argument("environment", required=False)
@click.option("--event", "kinds", multiple=True, help="Only these, such as deployed.")
@click.option("--application", help="Only of this application.")
@click.option("--release", help="Only of this release; its first digits will do.")
@click.option("--who", help="Only what this user did.")
@click.option("--since", type=click.DateTime(), help="Only from this time on, UTC.")
@click.option("--last", type=click.IntRange(min=1), help="Only the newest of them.")
@click.option("--verify", is_flag=True, help="Prove that nobody changed the ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every fact.")
def log(
    *,
    environment: str | None,
    kinds: tuple[str, ...],
    application: str | None,
    release: str | None,
    who: str | None,
    since: Any,
    last: int | None,
    verify: bool,
    as_json: bool,
) -> None:
    """Show what happened on this platform, oldest first; of one ENVIRONMENT (or its branch)."""
    from bough import ledger
    from bough.environments import slug_of

    home = Home.current()
    wanted = {
        "environment": environment and slug_of(home, environment),
        "application": application,
        "who": who,
    }
    if verify:
        _verify(home, as_json)
        return
    facts = {key: value for key, value in wanted.items() if value}
    found = [
        event
        for event in ledger.events(home, *kinds, **facts)
        if str(event.get("release", "")).startswith(release or "")
        and (since is None or event["at"] >= since.isoformat())
    ]
    rows = found[-last:] if last else found
    emit(rows if as_json else [_row(event) for event in rows], as_json)


def _verify(home: Home, as_json: bool) -> None:
    from bough import ledger

    newest = ledger.verify(home)
    if as_json:
        click.echo(json.dumps({"entries": newest.number, "hash": newest.hash}))
    else:
        click.echo(f"the ledger is whole: {newest.number} entries, the newest is {newest.hash}")


def _row(event: dict[str, Any]) -> dict[str, Any]:
    row = {key: event.get(key) for key in _COLUMNS}
    row["at"] = event["at"][:19].replace("T", " ")
    row["release"] = (event.get("release") or "")[:12] or None
    others = (key for key in event if key not in _COLUMNS and key not in _LONG)
    row["what"] = " ".join(f"{key}={event[key]}" for key in islice(others, 8)) or None
    return row
