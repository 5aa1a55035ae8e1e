"""SQLAlchemy on a MariaDB database whose account changes.

The pool is SQLAlchemy's own. What of it is idle goes with the account that opened it, what is in
use when it comes back.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from bough_secrets.mariadb import TIMEOUT, Lent, MariaDB

URL = "mariadb+pymysql://"
_LENT = "bough_secrets.lent"


def engine(database: MariaDB, max_size: int, echo: bool) -> Engine:
    """Return an engine on a database."""
    made = create_engine(
        URL, creator=database.connect, poolclass=QueuePool, pool_size=max_size, max_overflow=0,
        pool_timeout=TIMEOUT, pool_pre_ping=True, echo=echo,
    )  # fmt: skip
    event.listen(made, "checkout", _lend)
    event.listen(made, "checkin", partial(_take_back, database))
    database.follow(made.dispose)
    return made


def _lend(connection: Lent, entry: ConnectionPoolEntry, _proxy: Any) -> None:
    entry.info[_LENT] = connection.generation
    connection.generation.hold()


def _take_back(database: MariaDB, _connection: Lent | None, entry: ConnectionPoolEntry) -> None:
    generation = entry.info.pop(_LENT, None)
    if generation is None:
        return
    generation.release()
    if generation is not database.generation:
        entry.invalidate()
