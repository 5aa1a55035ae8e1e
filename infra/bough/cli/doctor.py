"""`bough doctor`: every dependency, the version found, the version needed, how to mend it."""

import json
import sys

import click

from bough.doctor import as_data, as_table, examine
from bough.requirements.table import REQUIREMENTS


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def doctor(as_json: bool) -> None:
    """Say what this machine has and lacks; exit 1 when something is missing."""
    checkups = [examine(requirement) for requirement in REQUIREMENTS]
    click.echo(json.dumps(as_data(checkups), indent=2) if as_json else as_table(checkups))
    sys.exit(int(any(checkup.fatal for checkup in checkups)))
