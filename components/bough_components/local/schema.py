"""A database's schema: migrated, seeded when it is new, kept as a golden template for the next."""

from __future__ import annotations

from typing import Any

from bough_components import names
from bough_components.local import instances
from bough_components.local.clients import postgres
from bough_components.local.database import DatabaseProvider
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

JOB_TIMEOUT = 600
JOB_MEMORY = 512 << 20


class SchemaProvider(Ensured):
    """Inputs: platform, slug, application, need, key (of the wanted contents), revision (of the
    wanted schema), files, migrations and seed (each None or service, command, image).

    A database cloned from the right template is up to date already: then nothing runs here.
    """

    replacing = frozenset({"slug", "need"})
    ignored = frozenset({"migrations", "seed"})

    def identity(self, props: Props) -> str:
        return f"{names.database(props['slug'], props['need'])}/schema"

    def ensure(self, props: Props) -> Props:
        from bough_components.local import databases

        home, name = Home.current(), names.database(props["slug"], props["need"])
        with postgres(home) as connection:
            if not databases.facts(connection, name):
                DatabaseProvider().ensure(props)
            facts = databases.facts(connection, name)
            wanted = {"schema": props["key"][:16], "revision": props["revision"]}
            if facts.get("schema") != wanted["schema"]:
                self._bring_up_to_date(home, props, fresh=bool(facts.get("fresh")))
            if facts != wanted:
                databases.comment(connection, name, wanted)
        return {}

    def _bring_up_to_date(self, home: Home, props: Props, *, fresh: bool) -> None:
        from bough_components.local import databases

        if fresh:
            # without facts it counts as half made: a step that fails leaves nothing to build on
            with postgres(home) as connection:
                databases.comment(connection, names.database(props["slug"], props["need"]), {})
        if step := props.get("migrations"):
            _run(home, props, "migrate", step)
        if fresh and (step := props.get("seed")):
            _run(home, props, "seed", step)
        if fresh:
            keep_as_golden(home, props)


class Schema(LocalResource, name="Schema"):
    provider = SchemaProvider


def _run(home: Home, props: Props, name: str, step: dict[str, Any]) -> None:
    wanted = instances.Wanted(
        platform=props["platform"],
        slug=props["slug"],
        service=step["service"],
        instance=f"{props['need']}-{name}",
        image=step["image"],
        command=step["command"],
        port=None,
        health=None,
        memory=JOB_MEMORY,
        start_timeout=JOB_TIMEOUT,
        stop_timeout=10,
    )
    try:
        instances.run(home, wanted)
    finally:
        instances.remove(home, wanted)


def keep_as_golden(home: Home, props: Props) -> None:
    """Keep this fresh database's contents as the template of the next one that wants the same."""
    from bough_components.local import databases

    name, golden = names.database(props["slug"], props["need"]), names.golden_database(props["key"])
    with postgres(home) as connection, databases.exclusively(connection, golden):
        databases.ensure_owner(connection, databases.GOLDEN_OWNER)
        if databases.exists(connection, golden):
            if databases.facts(connection, golden):
                return
            databases.drop(connection, golden)
        databases.clone(home, name, golden, name, databases.GOLDEN_OWNER)
        facts = {key: props[key] for key in ("application", "need", "files")}
        databases.comment(connection, golden, facts)
