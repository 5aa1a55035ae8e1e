"""Views, routines and triggers of a MariaDB database: as whom they run.

MariaDB runs them as the account that made them, and refuses to once that account is gone. Accounts
that Vault makes go; the database's owner stays, and may do in it what they could.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough_components.local.mariadb_databases import quoted, rows

if TYPE_CHECKING:
    from pymysql import Connection

_PROGRAMS = """
SELECT 'VIEW', table_name, definer, @@sql_mode, 0 AS turn FROM information_schema.views
    WHERE table_schema = %(of)s
UNION ALL SELECT 'TRIGGER', trigger_name, definer, sql_mode, action_order
    FROM information_schema.triggers WHERE trigger_schema = %(of)s
UNION ALL SELECT routine_type, routine_name, definer, sql_mode, 0
    FROM information_schema.routines
    WHERE routine_schema = %(of)s AND routine_type IN ('PROCEDURE', 'FUNCTION')
ORDER BY turn
"""
_TEXT = {"VIEW": 1, "TRIGGER": 2, "PROCEDURE": 2, "FUNCTION": 2}
"""Where SHOW CREATE has the statement, among its columns."""


@dataclass(frozen=True)
class Program:
    """`kind` as SQL has it; `definer` as `account@host`."""

    kind: str
    name: str
    definer: str
    sql_mode: str


def give_to_owner(connection: Connection, database: str) -> None:
    """Have everything there run as the account that is named like the database."""
    connection.select_db(database)
    with connection.cursor() as cursor:
        cursor.execute(_PROGRAMS, {"of": database})
        programs = [Program(*row[:4]) for row in cursor.fetchall()]
    if any(program.definer != f"{database}@%" for program in programs):
        # all of them: a trigger that is replaced takes its turn after those that are not
        for program in programs:
            _replace(connection, database, program)


def _replace(connection: Connection, owner: str, program: Program) -> None:
    shown = rows(connection, f"SHOW CREATE {program.kind} {quoted(program.name)}")[0]
    rows(connection, "SET sql_mode = %s", program.sql_mode)
    rows(connection, with_definer(shown[_TEXT[program.kind]], program.definer, owner))


def with_definer(statement: str, old: str, new: str) -> str:
    """The CREATE statement that MariaDB shows, as one that replaces what it made."""
    account, _, host = old.rpartition("@")
    clause = f"DEFINER={quoted(account)}@{quoted(host)}"
    return statement.replace(clause, f"DEFINER={quoted(new)}@`%`", 1).replace(
        "CREATE ", "CREATE OR REPLACE ", 1
    )
