"""A database's schema without what is in it, made by PostgreSQL's own tools where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from bough_components import names
from bough_components.errors import UnavailableError, UnhealthyError
from bough_components.local import containers
from bough_components.local.clients import postgres

if TYPE_CHECKING:
    from collections.abc import Collection

    from bough_components.local.home import Home

HISTORIES = frozenset(
    {
        *("alembic_version", "django_migrations", "_yoyo_migration", "schema_migrations"),
        *("ar_internal_metadata", "flyway_schema_history", "databasechangelog"),
        *("databasechangeloglock", "knex_migrations", "knex_migrations_lock", "pgmigrations"),
        *("_prisma_migrations", "SequelizeMeta", "__drizzle_migrations", "goose_db_version"),
        *("gorp_migrations", "atlas_schema_revisions", "_sqlx_migrations", "phinxlog"),
        *("__diesel_schema_migrations", "refinery_schema_history", "__EFMigrationsHistory"),
        *("doctrine_migration_versions", "mikro_orm_migrations"),
    }
)
"""Tables in which tools remember the migrations that were applied: a schema is nothing without."""

_SCRIPT = r"""
set -euo pipefail
umask 077
login=$(mktemp)
trap 'rm -f "$login"' EXIT
{ printf '127.0.0.1:*:*:bough:'; sed 's/[\\:]/\\&/g' /run/keys/postgres; } >"$login"
export PGPASSFILE="$login" PGHOST=127.0.0.1 PGUSER=bough
from=$1 to=$2 owner=$3
shift 3
copy() {
    pg_dump --format=custom --lock-wait-timeout=5s "$@" --dbname="$from" |
        pg_restore --no-owner --no-privileges --exit-on-error --role="$owner" --dbname="$to"
}
copy --schema-only
[ $# = 0 ] || copy --data-only "${@/#/--table=}"
"""
_SECONDS = 300


def fill(home: Home, source: str, name: str, owner: str, histories: Collection[str] = ()) -> None:
    """Give the empty database `name` the schema of `source` without its rows, `owner`'s.

    Only the tables in which migrations are remembered keep their rows: `HISTORIES`, and those
    named besides. `source` is read, under a lock that waits for nobody longer than 5 s.
    """
    tables = _tables(home, source, HISTORIES.union(histories))
    container = containers.find(names.platform_container(home.settings.name, "postgres"))
    command = ["timeout", str(_SECONDS), "bash", "-c", _SCRIPT, "copy", source, name, owner]
    if container is None:
        raise UnavailableError("postgres is not there", "run `bough platform up`")
    status, said = container.exec_run([*command, *tables])
    if status:
        raise UnhealthyError(
            f"the schema of {source} could not be copied",
            bytes(said).decode(errors="replace").splitlines()[-20:],  # type: ignore[arg-type]
            "see what postgres says of it, then ask the gate again",
        )


def _tables(home: Home, database: str, wanted: Collection[str]) -> list[str]:
    """Those of the tables that there are, quoted as pg_dump takes them."""
    with postgres(home, database) as connection:
        rows = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE tablename = ANY(%s)", [list(wanted)]
        ).fetchall()
        return [sql.Identifier(*row).as_string(connection) for row in rows]
