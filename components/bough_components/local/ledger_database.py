"""The database of the platform's ledger, and the role that may add to it and read it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from psycopg import sql

from bough_components import names
from bough_components.local import databases
from bough_components.local.clients import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from bough_components.local.home import Home

_SCHEMA = files(__package__).joinpath("ledger.sql")


def mark() -> str:
    """Changes whenever the ledger's schema does."""
    return hashlib.sha256(_SCHEMA.read_bytes()).hexdigest()[:16]


def ensure(home: Home) -> None:
    """Make the ledger's database what it should be, with every entry that it has."""
    name = names.LEDGER
    with postgres(home) as connection, databases.exclusively(connection, name):
        databases.ensure_owner(connection, name)
        if not databases.exists(connection, name):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )
        with postgres(home, name) as ledger:
            ledger.execute(_SCHEMA.read_bytes())


@contextmanager
def ledger(home: Home) -> Iterator[psycopg.Connection]:
    """A connection that may add entries and read them, and nothing else."""
    with postgres(home, names.LEDGER) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(names.LEDGER)))
        yield connection
