"""`bough platform`: what environments share."""

from __future__ import annotations

import click

from bough.cli.output import emit
from bough.console import say, step
from bough_components.local.home import Home


@click.group()
def platform() -> None:
    """Registry, PostgreSQL, Vault, Consul and the edge."""


@platform.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the edge on 127.0.0.1.")
@click.option("--subnets", metavar="CIDR", help="Addresses that new networks are cut from.")
@click.option(
    "--lease",
    type=click.IntRange(10, 86_400),
    help="Seconds for which logins and accounts are lent; default 3600.",
)
@click.option(
    "--rotate-every",
    type=click.IntRange(0, 365),
    metavar="DAYS",
    help="How often the keeper rotates what does not rotate by itself; default 7, 0: never.",
)
def up(port: int | None, subnets: str | None, lease: int | None, rotate_every: int | None) -> None:
    """Set the platform up, or bring it back, environments included."""
    from bough import platform as life

    home = Home.current()
    with step("platform"):
        life.up(home, port, say, subnets, lease=lease, rotate_every=rotate_every)


@platform.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Whether each engine answers; exit status 1 when one does not."""
    from bough.cli.notices import lines, undelivered
    from bough.status import platform_status

    home = Home.current()
    rows = platform_status(home)
    emit(rows, as_json)
    if not as_json:
        for line in lines(undelivered(home)):
            click.echo(f"\n{line}")
    if not all(row["answers"] for row in rows):
        raise SystemExit(1)


@platform.command()
@click.option("--environments", is_flag=True, help="Destroy every environment first.")
@click.option("--purge", is_flag=True, help="Remove its data, keys and applications' images too.")
def down(environments: bool, purge: bool) -> None:
    """Take the platform away; its data stay unless --purge."""
    from bough import platform as life

    home = Home.current()
    with step("platform down"):
        life.down(home, environments_too=environments, purge=purge, report=say)
