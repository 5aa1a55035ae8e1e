"""`bough pipeline`: where every release stands, and what blocks it."""

from __future__ import annotations

from typing import Any

import click

from bough.cli.output import emit, emit_one
from bough_components.local.home import Home


@click.command()
@click.argument("application", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def pipeline(application: str | None, as_json: bool) -> None:
    """Show where every release of APPLICATION stands, newest first, and what blocks it.

    APPLICATION may be left out while the platform has only one.
    """
    from datetime import UTC, datetime

    from bough.pipeline import showing, stages

    state = stages.state(Home.current(), application)
    found = showing.shown(state, datetime.now(UTC))
    if as_json:
        emit_one(found, as_json=True)
        return
    for line in showing.notices(state):
        click.echo(line)
    emit([_row(each) for each in found["releases"]], as_json=False)
    for release in found["releases"]:
        for step in release["next"]:
            click.echo()
            for line in _words(release["release"][:12], step):
                click.echo(line)


def _row(release: dict[str, Any]) -> dict[str, Any]:
    return {
        "release": release["release"][:12],
        "commit": release["commit"],
        "branch": release["branch"],
        "made": release["at"][:16].replace("T", " "),
        "stands in": ", ".join(release["stands"]) or None,
        "next": ", ".join(step["stage"] for step in release["next"]) or None,
    }


def _words(release: str, step: dict[str, Any]) -> list[str]:
    stage = step["stage"]
    failed = [f"  the last attempt failed: {step['failed']}"] if step["failed"] else []
    if step["allowed"]:
        return [f"{release} may go to {stage}: `bough promote {stage} {release}`", *failed]
    reasons = [f"  {reason['what']}; {reason['step']}" for reason in step["reasons"]]
    return [f"{release} may not go to {stage}:", *reasons, *failed]
