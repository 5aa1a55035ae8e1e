"""A database's schema: migrated, and seeded when it is new."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from bough_components import names
from bough_components.local import instances
from bough_components.local.home import Home
from bough_components.local.mariadb_contents import MariaDBContents
from bough_components.local.postgres_contents import PostgresContents
from bough_components.local.provider import Ensured, LocalResource, Props

JOB_TIMEOUT = 600
JOB_MEMORY = 512 << 20


class Contents(Protocol):
    """What is in a database of one kind, while it is brought up to date."""

    def facts(self) -> dict[str, Any]:
        """What is known of it; it is made anew when that is nothing."""

    def write_facts(self, facts: dict[str, Any]) -> None: ...

    def after_step(self) -> None:
        """Do what is due once a step's account has ended."""

    def after_all(self, *, fresh: bool) -> None:
        """Do what is due once all steps have succeeded."""


_CONTENTS: dict[str, Callable[[Home, Props], AbstractContextManager[Contents]]] = {
    "postgres": PostgresContents.opened,
    "mariadb": MariaDBContents.opened,
}


class SchemaProvider(Ensured):
    """Inputs: platform, slug, application, need, kind, key (of the wanted contents), revision (of
    the wanted schema), files, migrations and seed (each None or service, command, image).

    A database cloned from the right template is up to date already: then nothing runs here.
    """

    replacing = frozenset({"slug", "need"})
    ignored = frozenset({"migrations", "seed"})

    def identity(self, props: Props) -> str:
        return f"{names.database(props['slug'], props['need'])}/schema"

    def ensure(self, props: Props) -> Props:
        home = Home.current()
        with _CONTENTS[props["kind"]](home, props) as contents:
            facts = contents.facts()
            wanted = {"schema": props["key"][:16], "revision": props["revision"]}
            if facts.get("schema") != wanted["schema"]:
                _bring_up_to_date(home, props, contents, fresh=bool(facts.get("fresh")))
            if facts != wanted:
                contents.write_facts(wanted)
        return {}


class Schema(LocalResource, name="Schema"):
    provider = SchemaProvider


def _bring_up_to_date(home: Home, props: Props, contents: Contents, *, fresh: bool) -> None:
    if fresh:
        # without facts it counts as half made: a step that fails leaves nothing to build on
        contents.write_facts({})
    if step := props.get("migrations"):
        _run(home, props, "migrate", step)
        contents.after_step()
    if fresh and (step := props.get("seed")):
        _run(home, props, "seed", step)
        contents.after_step()
    contents.after_all(fresh=fresh)


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
