"""`bough show`: all about one environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bough.cli.output import emit, emit_one
from bough_components.local.home import Home

if TYPE_CHECKING:
    from bough.registry import Record


@click.command()
@click.argument("branch")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(branch: str, as_json: bool) -> None:
    """Show the environment of BRANCH: where it comes from, its URL, its instances."""
    from bough import pulumi_command, status
    from bough.cli.notices import lines, undelivered
    from bough.environments import find

    home = Home.current()
    record = find(home, branch)
    instances = status.instances_status(home, record.slug)
    notices = undelivered(home, record.slug)
    given_up = status.given_up(home, record.slug)
    facts = {
        "environment": record.slug,
        "application": record.application,
        "branch": record.ref,
        "commit": record.deployed,
        "wanted": record.commit,
        **_of_stage(record),
        "url": pulumi_command.outputs(home, record.slug).get("url"),
    }
    if as_json:
        told = {"instances": instances, "given_up": given_up, "notices": notices}
        emit_one({**facts, **told}, as_json=True)
        return
    emit_one(facts, as_json=False)
    click.echo()
    emit([{key: row[key] for key in row if key != "survivable"} for row in instances], False)
    for line in [*vault_may_be_away(instances), *not_ended(given_up), *lines(notices)]:
        click.echo(f"\n{line}")


def _of_stage(record: Record) -> dict[str, Any]:
    if not record.stage:
        return {}
    return {"release": record.release, "canary": str(record.canary) if record.canary else None}


def vault_may_be_away(instances: list[dict[str, Any]]) -> list[str]:
    """How long an outage of Vault nobody would notice, by the instance that has the least time."""
    said = [row["survivable"] for row in instances if row["survivable"] is not None]
    if not said:
        return []
    least = min(said)
    span = f"{least / 60:.0f} min" if least >= 120 else f"{least:.0f} s"
    silent = len(instances) - len(said)
    return [f"Vault may be away for {span}" + (f" ({silent} do not say)" if silent else "")]


def not_ended(leases: list[str]) -> list[str]:
    """That accounts are there still which Vault gave up to end, and what is done about it."""
    if not leases:
        return []
    count = f"{len(leases)} account{'s' if len(leases) > 1 else ''}"
    return [
        f"Vault gave up ending {count}: what they are for was away; the keeper tries again"
        f" (`bough keeper status`): {', '.join(leases)}"
    ]
