"""Needs: what an environment has besides its services."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from bough.config.fields import BETWEEN_FIELDS, Command, Model, Name, RelativePath


class Task(Model):
    """A command that is run to its end in a service's image, with that service's credentials."""

    service: Name
    """Service whose image holds the command; it must have this need."""

    command: Command
    """What to run. Running it again must do no harm."""

    paths: Annotated[tuple[RelativePath, ...], Field(min_length=1)] = (".",)
    """Paths whose content decides whether it must run again. Default: the whole tree."""


class Database(Model):
    kind: str
    migrations: Task | None = None
    """Brings the schema up to date."""

    seed: Task | None = None
    """Fills a fresh database with data, after its migrations."""


class Postgres(Database):
    """A PostgreSQL database of the environment's own."""

    kind: Literal["postgres"]
    """What it is."""


class MariaDB(Database):
    """A MariaDB database of the environment's own."""

    kind: Literal["mariadb"]
    """What it is."""


class RabbitMQ(Model):
    """A durable queue of the environment's own, in a virtual host of RabbitMQ's."""

    kind: Literal["rabbitmq"]
    """What it is."""


def _kind(need: object) -> str:
    return str(need.get("kind")) if isinstance(need, Mapping) else ""


Need = Annotated[
    Annotated[Postgres, Tag("postgres")]
    | Annotated[MariaDB, Tag("mariadb")]
    | Annotated[RabbitMQ, Tag("rabbitmq")],
    Discriminator(
        _kind,
        custom_error_type=BETWEEN_FIELDS,
        custom_error_message="should be a known kind: postgres, mariadb or rabbitmq",
        custom_error_context={"field": "kind"},
    ),
]
