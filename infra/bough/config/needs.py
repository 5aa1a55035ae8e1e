"""Needs: what an environment has besides its services."""

from typing import Annotated, Literal

from pydantic import Field

from bough.config.fields import Command, Model, Name, RelativePath, Should


class Task(Model):
    """A command that is run to its end in a service's image, with that service's credentials."""

    service: Name
    """Service whose image holds the command; it must have this need."""

    command: Command
    """What to run. Running it again must do no harm."""

    paths: Annotated[tuple[RelativePath, ...], Field(min_length=1)] = (".",)
    """Paths whose content decides whether it must run again. Default: the whole tree."""


class Postgres(Model):
    """A PostgreSQL database of the environment's own."""

    kind: Annotated[Literal["postgres"], Should('a known kind, which is only "postgres"')]
    """What it is."""

    migrations: Task | None = None
    """Brings the schema up to date."""

    seed: Task | None = None
    """Fills the golden template with data, after its migrations."""


# The second kind makes this a union: Annotated[Postgres | Queue, Field(discriminator="kind")].
Need = Postgres
