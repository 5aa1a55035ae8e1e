"""An environment's database: cloned from the nearest golden template, dropped with it."""

from __future__ import annotations

from bough_components import names
from bough_components.local.clients import postgres
from bough_components.local.golden import nearest
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props


class DatabaseProvider(Ensured):
    """Inputs: platform, slug, application, need, files (path to git object).

    Only a database that is not there yet looks at `files`: a later change is the migrations' work.
    """

    replacing = frozenset({"slug", "need"})
    ignored = frozenset({"files"})

    def identity(self, props: Props) -> str:
        return names.database(props["slug"], props["need"])

    def ensure(self, props: Props) -> Props:
        from bough_components.local import databases

        home, name = Home.current(), self.identity(props)
        with postgres(home) as connection, databases.exclusively(connection, name):
            databases.ensure_owner(connection, name)
            # facts are written last, so a database without them was left half made
            if databases.exists(connection, name) and not databases.facts(connection, name):
                databases.drop(connection, name)
            if not databases.exists(connection, name):
                self._clone(home, props)
        return {}

    def _clone(self, home: Home, props: Props) -> None:
        from bough_components.local import databases

        name = self.identity(props)
        with postgres(home) as connection:
            goldens = databases.goldens(connection)
        base = nearest(goldens, props["application"], props["need"], props["files"])
        template = base.database if base else "template0"
        databases.clone(home, template, name, databases.GOLDEN_OWNER, name)
        with postgres(home) as connection:
            key = base.database.removeprefix("golden-") if base else ""
            databases.comment(connection, name, {"schema": key, "fresh": True})

    def remove(self, props: Props) -> None:
        from bough_components.local import databases

        name = self.identity(props)
        with postgres(Home.current()) as connection:
            databases.drop(connection, name)
            databases.drop_role(connection, name)


class Database(LocalResource, name="Database"):
    provider = DatabaseProvider
