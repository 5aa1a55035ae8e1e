"""`bough release`: what can be promoted."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bough.cli import attestations
from bough.cli.output import emit, emit_one
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.release.releases import Known


@click.group()
def release() -> None:
    """Look at releases: images, configuration, schema and commit, named by their hash."""


for command in (
    attestations.verify,
    attestations.export,
    attestations.keys,
    attestations.withdraw,
    attestations.rotate_key,
):
    release.add_command(command)


@release.command("list")
@click.argument("application", required=False)
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(application: str | None, last: int, as_json: bool) -> None:
    """List the newest releases, of APPLICATION or of all; the newest first."""
    from bough import ledger
    from bough.release.releases import RELEASED

    facts = {"application": application} if application else {}
    events = list(ledger.events(Home.current(), RELEASED, **facts))
    rows = [
        {
            "release": event["release"] if as_json else event["release"][:12],
            "application": event["application"],
            "branch": event["branch"],
            "commit": event["record"]["commit"],
            "at": event["at"][:19].replace("T", " "),
        }
        for event in reversed(events[-last:])
    ]
    emit(rows, as_json)


@release.command()
@click.argument("name", metavar="RELEASE")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the whole description.")
def show(name: str, as_json: bool) -> None:
    """Show what RELEASE is, and all that is known of it."""
    from bough import ledger
    from bough.release import releases

    home = Home.current()
    known = releases.find(home, name)
    events = list(ledger.events(home, release=known.release.id))
    if as_json:
        history = [event for event in events if event["event"] != releases.RELEASED]
        facts = {"release": known.release.id, **asdict(known.release)}
        emit_one({**facts, "description": known.description, "history": history}, as_json=True)
        return
    emit_one(_facts(known), as_json=False)
    click.echo()
    emit([_happened(event) for event in events], as_json=False)


@release.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(old: str, new: str, as_json: bool) -> None:
    """Show what differs between the releases OLD and NEW."""
    from bough.release import releases
    from bough.release.difference import difference

    home = Home.current()
    found = difference(releases.find(home, old), releases.find(home, new))
    emit([{"what": path, "old": a, "new": b} for path, (a, b) in found.items()], as_json)


def _facts(known: Known) -> dict[str, Any]:
    release = known.release
    return {
        "release": release.id,
        "application": release.application,
        "commit": release.commit,
        "tree": release.tree,
        "configuration": release.configuration,
        **{f"image of {service}": image for service, image in release.images.items()},
        **{f"schema of {need}": revision for need, revision in release.schema.items()},
    }


def _happened(event: dict[str, Any]) -> dict[str, Any]:
    where = event.get("environment") or event.get("stage") or event.get("branch")
    what = event.get("verdict") or event.get("why")
    gate = event.get("gate")
    return {
        "at": event["at"][:19].replace("T", " "),
        "event": f"{event['event']} {gate}" if gate else event["event"],
        "where": where,
        "who": event["who"],
        "result": what,
    }
