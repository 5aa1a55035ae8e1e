"""Migrations tried on a copy of the next stage's schema, and what is left of it: nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.waiting import until

from bough import gates
from bough.gates import Release, Serving
from bough.gates.migration import Migration
from bough_components import names
from bough_components.local import databases, schema_copy
from bough_components.local.clients import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.gates.conftest import Stage
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(300, func_only=True)

TABLE = '"CREATE TABLE IF NOT EXISTS notes (id serial PRIMARY KEY, text text)")'
OLD_WORKS = """
import bough_secrets
with bough_secrets.connect_or_exit() as session, session.database("db").connection() as connection:
    assert connection.execute("SELECT text FROM notes").fetchall() == [], "rows came along"
    connection.execute("INSERT INTO notes (text) VALUES ('tried')")
    print(session.environment)
"""


@dataclass(frozen=True)
class Live:
    """The next stage, which serves the release that was there first."""

    stage: Stage
    slug: str
    release: Release

    @property
    def scratch(self) -> str:
        return names.scratch_slug(f"{self.slug}/db")

    def changed(self, statement: str) -> Release:
        """A release whose migrations do that besides."""
        application = self.stage.application
        application.git("checkout", "--quiet", "--", ".")
        application.git("reset", "--quiet", "--hard", "first")
        more = f"{TABLE}\n    connection.execute({statement!r})"
        application.edit("migrate.py", TABLE, more)
        return self.stage.release(schema="two")

    def judged(self, release: Release, code: str = OLD_WORKS, **options: Any) -> gates.Verdict:
        gate = Migration(name="schema", need="db", command=("python", "-c", code), **options)
        ahead = (Serving(stage="production", environment=self.slug, release=self.release),)
        return gates.run(self.stage.home, gate, self.stage.subject(release, ahead=ahead))


@pytest.fixture(scope="module")
def live(platform: Platform, stage: Stage) -> Iterator[Live]:
    stage.application.git("tag", "first")
    slug = stage.application.branch("feature/2-live")
    stage.application.up()
    yield Live(stage, slug, stage.release(schema="one"))
    platform.bough("destroy", slug).ended()


@pytest.fixture(autouse=True)
def _the_live_stage_is_untouched(platform: Platform, live: Live) -> Iterator[None]:
    before = contents(platform, live.slug)
    assert before["rows"] == [("seeded",)]
    yield
    assert contents(platform, live.slug) == before
    assert witness.left_of(platform, live.scratch) == []
    assert witness.services(platform, live.slug) == ["web", "worker"]


def contents(platform: Platform, slug: str) -> dict[str, Any]:
    database = f"env-{slug}.db"
    columns = "SELECT table_name, column_name FROM information_schema.columns"
    where = "WHERE table_schema = 'public' ORDER BY 1, 2"
    return {
        "columns": witness.query(platform, f"{columns} {where}", database),
        "rows": witness.query(platform, "SELECT text FROM notes", database),
    }


def test_an_older_release_that_works_on_the_new_schema(live: Live) -> None:
    new = live.changed("ALTER TABLE notes ADD COLUMN IF NOT EXISTS author text")
    verdict = live.judged(new)
    assert (verdict.result, verdict.why) == (
        "PASS",
        f"production: release {live.release.id[:12]} works on the new schema",
    )
    assert (verdict.evidence["revision"], verdict.evidence["serves"]) == ("two", ["one"])
    assert verdict.evidence["stages"]["production"]["log"] == [live.scratch]


def test_an_older_release_that_does_not(live: Live) -> None:
    verdict = live.judged(live.changed("ALTER TABLE notes RENAME COLUMN text TO body"))
    assert verdict.result == "FAIL"
    assert "on the new schema: python failed" in verdict.why
    assert verdict.evidence["serves"] == []
    said = "\n".join(verdict.evidence["stages"]["production"]["log"])
    assert 'column "text" does not exist' in said


def test_a_migration_that_fails(live: Live) -> None:
    verdict = live.judged(live.changed("ALTER TABLE nowhere ADD COLUMN x text"))
    assert verdict.result == "FAIL"
    assert verdict.why.startswith("production: the migration: python failed")


def test_checks_that_hang_are_ended(live: Live) -> None:
    verdict = live.judged(live.release, "import time; time.sleep(3600)", timeout=40)
    assert verdict.result == "INCONCLUSIVE"
    assert "did not end within its limit of 40 s" in verdict.why


def test_a_stage_where_nothing_serves_yet(live: Live) -> None:
    gate = Migration(name="schema", need="db", command=("false",))
    ahead = (Serving(stage="production", environment="nothing-there", release=None),)
    subject = live.stage.subject(live.release, ahead=ahead)
    verdict = gates.run(live.stage.home, gate, subject)
    assert (verdict.result, verdict.evidence["serves"]) == ("PASS", [])


def test_what_a_killed_run_left_the_next_one_takes_away(platform: Platform, live: Live) -> None:
    code = (
        "import pickle, sys; gate, subject = pickle.load(sys.stdin.buffer);"
        "import os; os.environ['BOUGH_HOME'] = str(subject.home.root); gate.run(subject)"
    )
    gate = Migration(name="schema", need="db", command=("sleep", "3600"))
    ahead = (Serving(stage="production", environment=live.slug, release=live.release),)
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(pickled(gate, live.stage.subject(live.release, ahead=ahead)))
        process.stdin.close()
        try:
            until(lambda: witness.containers(platform, live.scratch), 120, "a job runs")
        finally:
            os.kill(process.pid, signal.SIGKILL)
    assert witness.left_of(platform, live.scratch) != []
    assert live.judged(live.release).passed


def pickled(*things: Any) -> bytes:
    import pickle
    from dataclasses import replace

    from bough.gates.subject import silent

    gate, subject = things
    return pickle.dumps((gate, replace(subject, report=silent)))


def test_a_copy_has_the_histories_and_no_other_row(live: Live) -> None:
    home, source, copy = live.stage.home, "env-h-source.db", "env-h-copy.db"
    with postgres(home) as connection:
        for name in (source, copy):
            databases.ensure_owner(connection, name)
            databases.clone(home, "template0", name, databases.GOLDEN_OWNER, name)
    try:
        with postgres(home, source) as connection:
            connection.execute(_HISTORY.encode())
        schema_copy.fill(home, source, copy, copy, ["applied"])
        with postgres(home, copy) as connection:
            rows = {
                table: connection.execute(b"TABLE " + table.encode()).fetchall()
                for table in ("django_migrations", "applied", '"SequelizeMeta"', "people")
            }
            assert rows == {
                "django_migrations": [(1, "first"), (2, "second")],
                "applied": [("1",)],
                '"SequelizeMeta"': [("1",)],
                "people": [],
            }
            connection.execute(f'SET ROLE "{copy}"'.encode())
            connection.execute("INSERT INTO django_migrations (name) VALUES ('third')")
            connection.execute("INSERT INTO people (name, mood) VALUES ('Ada', 'well')")
            owners = connection.execute(
                "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            assert owners == [(copy,)]
    finally:
        with postgres(home) as connection:
            for name in (source, copy):
                databases.drop(connection, name)
                databases.drop_role(connection, name)


_HISTORY = """
SET ROLE "env-h-source.db";
CREATE EXTENSION pg_trgm;
CREATE TABLE django_migrations (id serial PRIMARY KEY, name text);
INSERT INTO django_migrations (name) VALUES ('first'), ('second');
CREATE TABLE applied (version text);
INSERT INTO applied VALUES ('1');
CREATE TABLE "SequelizeMeta" (name text);
INSERT INTO "SequelizeMeta" VALUES ('1');
CREATE TYPE mood AS ENUM ('well', 'ill');
CREATE TABLE people (id serial PRIMARY KEY, name text UNIQUE, mood mood);
CREATE INDEX ON people USING gin (name gin_trgm_ops);
CREATE VIEW names AS SELECT name FROM people;
INSERT INTO people (name, mood) VALUES ('Grace', 'well');
"""


def test_an_interrupted_gate_leaves_nothing(platform: Platform, live: Live) -> None:
    gate = Migration(name="schema", need="db", command=("sleep", "3600"))
    ahead = (Serving(stage="production", environment=live.slug, release=live.release),)
    subject = live.stage.subject(live.release, ahead=ahead)

    async def interrupted() -> None:
        from bough.gates.supervising import supervised

        task = asyncio.create_task(supervised(gate, subject))
        while not witness.containers(platform, live.scratch):
            await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())
