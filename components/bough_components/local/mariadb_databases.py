"""What bough asks of MariaDB: databases, their facts, and accounts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bough_components.errors import BoughError
from bough_components.local.clients import mariadb

if TYPE_CHECKING:
    from pymysql import Connection

    from bough_components.local.home import Home

ROLE = "mariadb"
PORT = 3306


def present(home: Home) -> bool:
    """Whether this platform has a MariaDB: it does once an application asked for one."""
    return ROLE in home.settings.engines


def answers(home: Home) -> bool:
    from pymysql import MySQLError

    try:
        with mariadb(home, seconds=5) as connection:
            return bool(rows(connection, "SELECT 1"))
    except (BoughError, OSError, MySQLError):
        return False


def rows(connection: Connection, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Run one statement; `values` take the places of its `%s`."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return "`" + name.replace("`", "``") + "`"


def create(connection: Connection, name: str, facts: dict[str, Any]) -> None:
    """Make an empty database, and say what it holds; both or neither."""
    rows(connection, f"CREATE DATABASE {quoted(name)} COMMENT %s", json.dumps(facts))


def drop(connection: Connection, name: str) -> None:
    """Drop a database; nothing there is success."""
    rows(connection, f"DROP DATABASE IF EXISTS {quoted(name)}")


def named(connection: Connection, prefix: str) -> list[str]:
    """Databases whose names begin so."""
    found = rows(connection, "SELECT schema_name FROM information_schema.schemata ORDER BY 1")
    return [name for (name,) in found if name.startswith(prefix)]


def write_facts(connection: Connection, name: str, facts: dict[str, Any]) -> None:
    """Write down what a database holds, beside the database itself."""
    rows(connection, f"ALTER DATABASE {quoted(name)} COMMENT %s", json.dumps(facts))


def facts(connection: Connection, name: str) -> dict[str, Any] | None:
    """What was written down of a database; None when there is none of that name."""
    statement = "SELECT schema_comment FROM information_schema.schemata WHERE schema_name = %s"
    found = rows(connection, statement, name)
    if not found:
        return None
    written: dict[str, Any] = json.loads(found[0][0] or "{}")
    return written


def accounts(connection: Connection, prefix: str) -> list[str]:
    """Accounts whose names begin so."""
    found = rows(connection, "SELECT user FROM mysql.global_priv ORDER BY 1")
    return [name for (name,) in found if name.startswith(prefix)]


def ensure_owner(connection: Connection, name: str) -> None:
    """An account that nobody can use, which may do anything in the database of its name: what a
    migration makes there runs as it, when the migration's own account has ended."""
    rows(connection, f"CREATE USER IF NOT EXISTS {quoted(name)}@'%' ACCOUNT LOCK")
    rows(connection, f"GRANT ALL PRIVILEGES ON {quoted(name)}.* TO {quoted(name)}@'%'")


def drop_account(connection: Connection, name: str) -> None:
    """Remove an account and end its connections; nothing there is success."""
    rows(connection, f"DROP USER IF EXISTS {quoted(name)}@'%'")
    rows(connection, f"KILL USER {quoted(name)}@'%'")
