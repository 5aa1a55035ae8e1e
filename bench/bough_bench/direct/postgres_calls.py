"""An environment's database and its owner in PostgreSQL."""

from psycopg import sql
from psycopg.sql import Identifier

from bough_bench.direct.wanted import NEED, Engines, Wanted
from bough_components import names

GOLDEN_OWNER = "golden"


def make_database(engines: Engines, wanted: Wanted) -> None:
    """A database cloned from the template; nobody but its owner's members may connect."""
    name = Identifier(names.database(wanted.slug, NEED))
    with engines.postgres("postgres") as connection:
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        clone = "CREATE DATABASE {} TEMPLATE {}"
        connection.execute(sql.SQL(clone).format(name, Identifier(wanted.template)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        grant = "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {}"
        connection.execute(sql.SQL(grant).format(name, name))
    with engines.postgres(names.database(wanted.slug, NEED)) as connection:
        if wanted.template != "template0":
            reassign = "REASSIGN OWNED BY {} TO {}"
            connection.execute(sql.SQL(reassign).format(Identifier(GOLDEN_OWNER), name))
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(name))


def make_admin(engines: Engines, wanted: Wanted, password: str) -> None:
    """The account with which Vault makes the others."""
    admin = Identifier(names.need_admin(wanted.slug, NEED))
    owner = Identifier(names.database(wanted.slug, NEED))
    with engines.postgres("postgres") as connection:
        create = "CREATE ROLE {} LOGIN CREATEROLE PASSWORD {}"
        connection.execute(sql.SQL(create).format(admin, sql.Literal(password)))
        connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(owner, admin))
        connection.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(admin))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE postgres TO {}").format(admin))


def remove(engines: Engines, slug: str) -> None:
    """Drop the administrator, the database and its owner."""
    name, admin = names.database(slug, NEED), names.need_admin(slug, NEED)
    with engines.postgres("postgres") as connection:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(Identifier(admin)))
        connection.execute(sql.SQL("DROP ROLE {}").format(Identifier(admin)))
        drop = "DROP DATABASE {} WITH (FORCE)"
        connection.execute(sql.SQL(drop).format(Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE {}").format(Identifier(name)))
