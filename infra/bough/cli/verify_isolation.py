"""`bough verify-isolation`: what a thief would get who took over an environment's instances."""

from __future__ import annotations

from dataclasses import asdict

import click

from bough.cli.output import emit
from bough.console import say, step
from bough_components.local.home import Home


@click.command("verify-isolation")
@click.argument("branch")
@click.argument("neighbour", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify_isolation(branch: str, neighbour: str | None, as_json: bool) -> None:
    """Try BRANCH's real credentials on NEIGHBOUR (default: all others) and on the platform.

    Exit status 1 when anything opens that is not its own.
    """
    from bough import lock, registry
    from bough.environments import find
    from bough_components.local.isolation.verify import require, verify

    home = Home.current()
    slug = find(home, branch).slug
    others = [find(home, neighbour).slug] if neighbour else [r.slug for r in registry.every(home)]
    with (
        step(f"verify the isolation of {slug}"),
        lock.held(home, slug, "verify isolation", say),
    ):
        verdicts = verify(home, slug, [other for other in others if other != slug])
    if as_json:
        emit([{**asdict(each), "passed": each.passed} for each in verdicts], as_json=True)
    require(slug, verdicts)
    if not as_json:
        click.echo(f"{slug}: {len(verdicts)} attempts, nothing opened but its own")
