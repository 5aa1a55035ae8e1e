"""A release in a stage: the environment that the Pulumi program declares there. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bough.branch import slug
from bough_components import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough.release.releases import Known

BRANCH = "branch"
"""What a pipeline calls all environments of branches."""


def slug_of(application: str, stage: str) -> str:
    """The name of a stage's environment."""
    return slug(f"{application}-{stage}")


def ref_of(stage: str) -> str:
    """What stands in a branch's place; git lets no branch be called so."""
    return f"stage:{stage}"


def environment(
    known: Known,
    schema: Known,
    stage: str,
    *,
    replicas: Mapping[str, int],
    config: Mapping[str, str],
) -> spec.Environment:
    """A release in a stage, on the databases that the release `schema` declares and migrates.

    That is itself, or, while it runs on a newer schema, such as after a rollback, the one that
    migrated last. Nothing is built, and nothing is seeded.
    """
    release, description = known.release, known.description
    wanted = spec.from_data(
        {
            **description,
            "slug": slug_of(release.application, stage),
            "ref": ref_of(stage),
            "commit": release.commit,
            "stage": stage,
            "databases": schema.description["databases"],
            "config": {**description["config"], **config},
        }
    )
    services = tuple(
        replace(
            service,
            image=release.images[service.name],
            replicas=replicas.get(service.name, service.replicas),
        )
        for service in wanted.services
    )
    databases = tuple(
        replace(database, seed=None, files={"schema": database.revision})
        for database in wanted.databases
    )
    steps = {} if schema.release == release else schema.release.images
    return replace(wanted, services=services, databases=databases, step_images=steps)
