"""bough config"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bough.cli.output import emit
from bough.config import FILE_NAME, Application, load
from bough.config.example import example
from bough.config.schema import schema_text
from bough_components.errors import UsageError
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.configuring import Target

WIDE = 60
"""Characters of a value that a table shows."""


@click.group()
def config() -> None:
    """Check and explain bough.yaml; change settings while instances run."""


directory_option = click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Folder that has the bough.yaml. Default: the current one.",
)


@config.command()
@directory_option
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


def whom(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options and the argument that say whose settings are meant."""
    for option in (
        directory_option,
        click.option("--stage", metavar="NAME", help="Those of a stage of the application."),
        click.option("--application", is_flag=True, help="Those of the application."),
        click.argument("branch", required=False),
    ):
        command = option(command)
    return command


@config.command("set")
@click.argument("key")
@click.argument("value")
@whom
def set_(key: str, value: str, **words: Any) -> None:
    """Set KEY to VALUE (`-`: read standard input) for BRANCH's environment.

    Instances that run learn of it at once. What is set for an environment is stronger than its
    bough.yaml, which is stronger than its stage, which is stronger than the application.
    """
    from bough import settings

    text = _standard_input(key) if value == "-" else value
    settings.check(key, text)
    target = _target(words)
    target.set(key, text)
    click.echo(f"{key} is set for {target.own.where}")


@config.command()
@click.argument("key")
@whom
def get(key: str, **words: Any) -> None:
    """Print the value of KEY that holds in BRANCH's environment."""
    click.echo(_target(words).get(key).value)


@config.command()
@whom
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with values in full.")
def ls(as_json: bool, **words: Any) -> None:
    """List the settings that hold in BRANCH's environment, and where each comes from."""
    show = str if as_json else _short
    rows = [
        {"setting": each.name, "value": show(each.value), "from": each.layer.where}
        for each in _target(words).in_effect().values()
    ]
    emit(rows, as_json)


@config.command()
@click.argument("key")
@whom
def unset(key: str, **words: Any) -> None:
    """Take back what `bough config set` said; the value of a weaker layer holds again."""
    from bough import settings

    settings.check(key)
    target = _target(words)
    target.unset(key)
    click.echo(f"{key} is not set for {target.own.where} any more")


def _target(words: dict[str, Any]) -> Target:
    from bough.configuring import Words, target

    return target(Home.current(), Words(**words))


def _standard_input(key: str) -> str:
    """All of it without its last line break."""
    try:
        return sys.stdin.buffer.read().decode().removesuffix("\n")
    except UnicodeDecodeError:
        raise UsageError(
            f"the value of {key} cannot be stored: it is no UTF-8", "nothing was changed"
        ) from None


def _short(value: str) -> str:
    line = value.replace("\n", "\\n")
    return line if len(line) <= WIDE else f"{line[: WIDE - 1]}…"


def summary(application: Application) -> str:
    parts = [
        f"application {application.application}",
        f"services {', '.join(application.services)}",
        *([f"needs {', '.join(application.needs)}"] if application.needs else []),
        f"route {application.route}" if application.route else "no route",
    ]
    return "; ".join(parts)
