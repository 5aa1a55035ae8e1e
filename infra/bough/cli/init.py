"""bough init"""

from pathlib import Path

import click

from bough.scaffold import DEFAULT_PORT, Facts, Outcome, plan, survey, write


@click.command()
@click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Root of the application's repository. Default: the current folder.",
)
@click.option("--force", is_flag=True, help="Overwrite what is there.")
def init(directory: Path, force: bool) -> None:
    """Write a commented bough.yaml, and what makes plain `pulumi up` work."""
    facts = survey(directory, keep=not force)
    outcomes = write(directory, plan(facts), force=force)
    for path, outcome in outcomes.items():
        click.echo(_line(path, outcome))
    click.echo()
    for line in next_steps(facts, outcomes):
        click.echo(line)


def next_steps(facts: Facts, outcomes: dict[str, Outcome]) -> list[str]:
    steps = []
    if outcomes["Pulumi.yaml"] is Outcome.KEPT:
        steps.append("Pulumi.yaml is not bough's: bough needs its `main: .bough/` and its name.")
    if not facts.has_dockerfile:
        steps.append("There is no Dockerfile yet: write one, or name yours in services.web.build.")
    elif facts.port is None and outcomes["bough.yaml"] is Outcome.WROTE:
        steps.append(f"The Dockerfile exposes no port: {DEFAULT_PORT} was assumed in bough.yaml.")
    return [*steps, "Next: look through bough.yaml, commit these files, then run `bough up`."]


def _line(path: str, outcome: Outcome) -> str:
    match outcome:
        case Outcome.WROTE:
            return f"wrote {path}"
        case Outcome.SAME:
            return f"{path} is up to date"
        case Outcome.KEPT:
            return f"left {path} alone: it is there already (--force overwrites it)"
