"""`bough pipeline`: where releases stand, and what blocks them."""

from __future__ import annotations

from typing import Any

import click

from bough.cli.output import emit, emit_one
from bough_components.local.home import Home


@click.command()
@click.argument("application", required=False)
@click.option("--all", "everything", is_flag=True, help="Every release, however old.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def pipeline(application: str | None, everything: bool, as_json: bool) -> None:
    """Show where releases of APPLICATION stand, newest first, and what blocks them: the newest ten,
    and whichever stand somewhere, may go somewhere, or only wait for that.

    APPLICATION may be left out while the platform has only one.
    """
    from datetime import UTC, datetime

    from bough.pipeline import showing, stages

    state = stages.state(Home.current(), application)
    found = showing.shown(state, datetime.now(UTC), everything=everything)
    if as_json:
        emit_one(found, as_json=True)
        return
    for line in showing.notices(state):
        click.echo(line)
    emit([_row(each) for each in found["releases"]], as_json=False)
    if older := found["left_out"]:
        click.echo(f"not shown: {older}; `bough pipeline {found['application']} --all` has them")
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
