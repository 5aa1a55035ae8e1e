"""MariaDB, tried with an account of a service."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pymysql

from bough_components import names
from bough_components.local import mariadb_accounts, subnets
from bough_components.local import mariadb_databases as databases
from bough_components.local.clients import mariadb
from bough_components.local.isolation.thief import TIMEOUT
from bough_components.local.isolation.verdicts import OWN, PLATFORM, Door

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bough_components.local.home import Home
    from bough_components.local.isolation.thief import Account, Thief

_FOR_EVERYBODY = "information_schema"
"""It shows each account what is its own."""
_STATEMENTS = {
    "read passwords": "SELECT priv FROM mysql.global_priv LIMIT 1",
    "make an account": "CREATE USER bough_verify_isolation ACCOUNT LOCK",
    "make a database": "CREATE DATABASE bough_verify_isolation",
    "change bough's password": "ALTER USER bough@'%' IDENTIFIED BY 'x'",
    "give itself everything": "GRANT ALL PRIVILEGES ON *.* TO CURRENT_USER",
    "read a file": "SELECT 1 FROM DUAL WHERE LOAD_FILE('/etc/bough/mariadb.cnf') IS NOT NULL",
    "write a file": "SELECT 1 INTO OUTFILE 'bough-verify-isolation'",
    "load a program": "INSTALL SONAME 'ha_blackhole'",
    "change the server": "SET GLOBAL max_connections = 399",
    "see others' connections": "SELECT 1 FROM information_schema.processlist WHERE user <>"
    " SUBSTRING_INDEX(USER(), '@', 1) LIMIT 1",
}


def doors(home: Home, thief: Thief, neighbours: Iterable[str]) -> list[Door]:
    """The databases of `neighbours` and those that are nobody's are tried one by one."""
    accounts = [each for each in thief.accounts if each.kind == mariadb_accounts.KIND]
    if not accounts:
        return []
    with mariadb(home) as connection:
        known = databases.named(connection, "")
    owners = {name: _owner(name, neighbours) for name in known if name != _FOR_EVERYBODY}
    foreign = {name: owner for name, owner in owners.items() if owner}
    return [door for each in accounts for door in _with(thief, each, foreign)]


def _owner(database: str, neighbours: Iterable[str]) -> str | None:
    """The environment that has a database, or the platform; None when it is not among those."""
    if not database.startswith("env-"):
        return PLATFORM
    return next((slug for slug in neighbours if database.startswith(names.need_prefix(slug))), None)


def _with(thief: Thief, account: Account, foreign: dict[str, str]) -> list[Door]:
    own = names.database(thief.slug, account.need)
    run = partial(_run, thief.subnet, account)
    return [
        *(
            Door(engine="mariadb", of=of, what=f"database {name}", knock=partial(run, name))
            for name, of in {own: OWN, **foreign}.items()
        ),
        *(
            Door(engine="mariadb", of=PLATFORM, what=what, knock=partial(run, own, statement))
            for what, statement in _STATEMENTS.items()
        ),
    ]


def _run(
    subnet: str, account: Account, database: str, statement: str = "SELECT 1"
) -> tuple[bool, str]:
    """A question without an answer was refused: MariaDB leaves out what one may not see."""
    try:
        with (
            pymysql.connect(
                host=subnets.platform_address(subnet, databases.ROLE),
                port=databases.PORT,
                user=account.user,
                password=account.password,
                database=database,
                ssl_disabled=True,
                connect_timeout=TIMEOUT,
                read_timeout=TIMEOUT,
            ) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            closed = cursor.description is not None and not cursor.fetchall()
    except pymysql.MySQLError as error:
        if not isinstance(error.args[0], int) or 2000 <= error.args[0] < 3000:
            raise
        return False, f"error {error.args[0]}"
    return not closed, "nothing to see" if closed else "done"
