"""SQLAlchemy on a database whose account changes: it keeps no connections of its own.

Each connection that SQLAlchemy opens is borrowed from the account of that moment, each one that
it closes goes back there, so that a rotation concerns SQLAlchemy as little as the application.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, NullPool, create_engine

from bough_secrets.database import Database

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bough_secrets.aio.database import AsyncDatabase
    from bough_secrets.mariadb import MariaDB

URL = "postgresql+psycopg://"


def engine(database: Database | MariaDB, max_size: int, echo: bool) -> Engine:
    """Return an engine on a database."""
    if not isinstance(database, Database):
        from bough_secrets import mariadb_engine

        return mariadb_engine.engine(database, max_size, echo)
    return create_engine(
        URL, creator=database.borrow, poolclass=NullPool, use_native_hstore=False, echo=echo
    )


def async_engine(database: AsyncDatabase, echo: bool) -> AsyncEngine:
    """Return an asyncio engine on a database."""
    from sqlalchemy.ext.asyncio import create_async_engine

    return create_async_engine(
        URL, async_creator=database.borrow, poolclass=NullPool, use_native_hstore=False, echo=echo
    )
