"""PostgreSQL, tried with an account of a service."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from bough_components import names
from bough_components.local import database_accounts, subnets
from bough_components.local.isolation.thief import TIMEOUT
from bough_components.local.isolation.verdicts import OWN, PLATFORM, Door

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bough_components.local.isolation.thief import Account, Thief

_STATEMENTS = {
    "read passwords": "SELECT rolpassword FROM pg_authid LIMIT 1",
    "make an account": "CREATE ROLE bough_verify_isolation",
    "make a database": "CREATE DATABASE bough_verify_isolation",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "read a file": "SELECT pg_read_file('PG_VERSION')",
    "change the server": "ALTER SYSTEM SET work_mem = '64kB'",
    "become another role": "SET ROLE pg_read_all_data",
}


def doors(thief: Thief, databases: Iterable[str], neighbours: Iterable[str]) -> list[Door]:
    """`databases` are all that there are; those of `neighbours` are tried one by one."""
    everything, others = sorted(databases), list(neighbours)
    accounts = [each for each in thief.accounts if each.kind == database_accounts.KIND]
    return [door for each in accounts for door in _with(thief, each, everything, others)]


def _with(thief: Thief, account: Account, databases: list[str], others: list[str]) -> list[Door]:
    own = names.database(thief.slug, account.need)
    inside = _Inside(thief.subnet, account, own)
    thief.at_end(inside.close)
    return [
        Door(
            engine="postgres",
            of=OWN,
            what=f"its database {own}",
            knock=partial(_open, thief.subnet, account, own),
        ),
        *(
            door
            for database in databases
            for door in _of(thief, account, inside, database, _owner(database, others))
        ),
        *(
            Door(
                engine="postgres", of=PLATFORM, what=what, knock=partial(inside.run, sql.SQL(text))
            )
            for what, text in _STATEMENTS.items()
        ),
    ]


def _owner(database: str, slugs: Iterable[str]) -> str | None:
    """Whose of these it is, or the platform's; None for another environment's."""
    for slug in slugs:
        if database.startswith(names.need_prefix(slug)):
            return slug
    return None if database.startswith("env-") else PLATFORM


def _of(
    thief: Thief, account: Account, inside: _Inside, database: str, of: str | None
) -> Iterator[Door]:
    if of is None:
        return
    knock = partial(_open, thief.subnet, account, database)
    yield Door(engine="postgres", of=of, what=f"database {database}", knock=knock)
    if of != PLATFORM:
        become = partial(inside.run, sql.SQL("SET ROLE {}").format(sql.Identifier(database)))
        yield Door(engine="postgres", of=of, what=f"become {database}", knock=become)


class _Inside:
    """A connection to the account's own database, for one statement after another; one that was
    not refused is the last on its connection."""

    def __init__(self, subnet: str, account: Account, database: str) -> None:
        self._connect = partial(_connected, subnet, account, database)
        self._connection: psycopg.Connection | None = None
        self._lock = Lock()

    def run(self, statement: sql.SQL | sql.Composed) -> tuple[bool, str]:
        with self._lock:
            try:
                self._connection = self._connection or self._connect()
                self._connection.execute(statement)
            except psycopg.Error as error:
                return False, _refusal(error)
            self._drop()
        return True, "done"

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def _open(subnet: str, account: Account, database: str) -> tuple[bool, str]:
    """A database that is a template alone, and so takes nobody in, is closed too."""
    try:
        with _connected(subnet, account, database) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return False, _refusal(error)
    return True, "done"


def _connected(subnet: str, account: Account, database: str) -> psycopg.Connection:
    return psycopg.connect(
        hostaddr=subnets.platform_address(subnet, "postgres"),
        sslmode="disable",
        dbname=database,
        user=account.user,
        password=account.password,
        connect_timeout=TIMEOUT,
        autocommit=True,
    )


def _refusal(error: psycopg.Error) -> str:
    """The server's no; that nobody answered is no refusal, and raised."""
    if error.sqlstate is None and "FATAL" not in str(error):
        raise error
    return error.sqlstate or "connection refused by the server"
