"""What bough asks of PostgreSQL: databases, the roles that own them, golden templates."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from psycopg import sql

from bough_components.local.clients import postgres
from bough_components.local.golden import Golden

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from bough_components.local.home import Home

GOLDEN_OWNER = "golden"


def exists(connection: psycopg.Connection, name: str) -> bool:
    row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return row is not None


def role_exists(connection: psycopg.Connection, name: str) -> bool:
    row = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    return row is not None


def ensure_owner(connection: psycopg.Connection, name: str) -> None:
    """A role without login: it owns a database's contents and nobody signs in as it."""
    if not role_exists(connection, name):
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))


def clone(home: Home, template: str, name: str, old_owner: str, owner: str) -> None:
    """Make database `name` from `template`; everything in it then belongs to `owner`."""
    with postgres(home) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        close(connection, name, owner)
    with postgres(home, name) as connection:
        if role_exists(connection, old_owner):
            connection.execute(
                sql.SQL("REASSIGN OWNED BY {} TO {}").format(
                    sql.Identifier(old_owner), sql.Identifier(owner)
                )
            )
            # what is granted to it or by default still names it, and would keep it from going
            disown(connection, old_owner)
            if exists(connection, old_owner):
                close(connection, old_owner, old_owner)
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(owner)))


def close(connection: psycopg.Connection, name: str, owner: str) -> None:
    """Nobody but the owner's members may connect."""
    database = sql.Identifier(name)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {}").format(
            database, sql.Identifier(owner)
        )
    )


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database and end whoever is connected to it; nothing there is success."""
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def named(connection: psycopg.Connection, prefix: str) -> list[str]:
    """Databases whose names begin so."""
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
    ).fetchall()
    return [name for (name,) in rows]


def roles_named(connection: psycopg.Connection, prefix: str) -> list[str]:
    """Roles whose names begin so, accounts before the owners that they are members of."""
    rows = connection.execute(
        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s) ORDER BY rolcanlogin DESC",
        [prefix],
    ).fetchall()
    return [name for (name,) in rows]


def disown(connection: psycopg.Connection, name: str) -> None:
    """Take back what was granted to a role in the shared databases, so that it can be dropped."""
    connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))


def give_back(home: Home, name: str, prefix: str) -> None:
    """Give the owner of database `name` whatever accounts whose names begin with `prefix` own in
    it: an application can leave its owner's role, and an account that owns cannot be dropped."""
    with postgres(home) as connection:
        if not exists(connection, name):
            return
    with postgres(home, name) as connection:
        for role in roles_named(connection, prefix):
            if role != name:
                connection.execute(
                    sql.SQL("REASSIGN OWNED BY {} TO {}").format(
                        sql.Identifier(role), sql.Identifier(name)
                    )
                )


def drop_role(connection: psycopg.Connection, name: str) -> None:
    """Drop a role that owns nothing any more; its sessions end first."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [name]
    )
    connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


def comment(connection: psycopg.Connection, name: str, facts: dict[str, Any]) -> None:
    """Write down what a database holds, beside the database itself."""
    connection.execute(
        sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(name), sql.Literal(json.dumps(facts))
        )
    )


def facts(connection: psycopg.Connection, name: str) -> dict[str, Any]:
    """What `comment` wrote; empty when it wrote nothing."""
    row = connection.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return json.loads(row[0]) if row and row[0] else {}


def goldens(connection: psycopg.Connection) -> list[Golden]:
    rows = connection.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE datname LIKE 'golden-%' AND shobj_description(oid, 'pg_database') IS NOT NULL"
    ).fetchall()
    return [Golden(database=name, **json.loads(text)) for name, text in rows]


@contextmanager
def exclusively(connection: psycopg.Connection, name: str) -> Iterator[None]:
    """One process at a time for `name`; PostgreSQL lets go when the holder dies."""
    connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])
