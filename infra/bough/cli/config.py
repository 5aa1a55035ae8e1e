"""bough config"""

from pathlib import Path

import click

from bough.config import FILE_NAME, Application, load
from bough.config.example import example
from bough.config.schema import schema_text


@click.group()
def config() -> None:
    """Check and explain bough.yaml."""


@config.command()
@click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Folder that has the bough.yaml. Default: the current one.",
)
def check(directory: Path) -> None:
    """Say whether bough.yaml can be used, or all that is wrong with it."""
    application = load(directory / FILE_NAME)
    click.echo(f"{directory / FILE_NAME} is valid: {summary(application)}")


@config.command()
def schema() -> None:
    """Print the JSON Schema of bough.yaml."""
    click.echo(schema_text(), nl=False)


@config.command()
def docs() -> None:
    """Print a bough.yaml that explains every key."""
    click.echo(example(), nl=False)


def summary(application: Application) -> str:
    parts = [
        f"application {application.application}",
        f"services {', '.join(application.services)}",
        *([f"needs {', '.join(application.needs)}"] if application.needs else []),
        f"route {application.route}" if application.route else "no route",
    ]
    return "; ".join(parts)
