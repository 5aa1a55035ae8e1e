"""bough name"""

import click

from bough.branch import slug


@click.command()
@click.argument("refs", metavar="REF...", nargs=-1, required=True)
def name(refs: tuple[str, ...]) -> None:
    """Print the environment's name of each git ref, one a line.

    Needs neither a repository nor an engine. The answer never changes.
    """
    for line in [slug(ref) for ref in refs]:
        click.echo(line)
