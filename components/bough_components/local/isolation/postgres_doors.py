"""PostgreSQL, tried with an account of a service."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from bough_components import names
from bough_components.local import database_accounts, subnets
from bough_components.local.isolation.thief import TIMEOUT
from bough_components.local.isolation.verdicts import OWN, PLATFORM, Door

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    open_ = partial(_open, thief.subnet, account)
    doors = [Door(engine="postgres", of=OWN, what=f"its database {own}", knock=partial(open_, own))]
    for database in databases:
        of = next((slug for slug in others if _belongs(database, slug)), None)
        shared = not database.startswith("env-")
        if of or shared:
            knock = partial(open_, database)
            doors.append(
                Door(engine="postgres", of=of or PLATFORM, what=f"database {database}", knock=knock)
            )
        if of:
            statement = sql.SQL("SET ROLE {}").format(sql.Identifier(database))
            knock = partial(_run, thief.subnet, account, own, statement)
            doors.append(Door(engine="postgres", of=of, what=f"become {database}", knock=knock))
    for what, text in _STATEMENTS.items():
        knock = partial(_run, thief.subnet, account, own, sql.SQL(text))
        doors.append(Door(engine="postgres", of=PLATFORM, what=what, knock=knock))
    return doors


def _belongs(database: str, slug: str) -> bool:
    return database.startswith(names.need_prefix(slug))


def _open(subnet: str, account: Account, database: str) -> tuple[bool, str]:
    return _run(subnet, account, database, sql.SQL("SELECT 1"))


def _run(
    subnet: str, account: Account, database: str, statement: sql.SQL | sql.Composed
) -> tuple[bool, str]:
    """A database that is a template alone, and so takes nobody in, is closed too."""
    try:
        with psycopg.connect(
            hostaddr=subnets.platform_address(subnet, "postgres"),
            sslmode="disable",
            dbname=database,
            user=account.user,
            password=account.password,
            connect_timeout=TIMEOUT,
            autocommit=True,
        ) as connection:
            connection.execute(statement)
    except psycopg.Error as error:
        if error.sqlstate is None and "FATAL" not in str(error):
            raise
        return False, error.sqlstate or "connection refused by the server"
    return True, "done"
