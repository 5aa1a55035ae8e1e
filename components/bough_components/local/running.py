"""What an environment's instances really run, asked of Docker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import looking
from bough_components.local.clients import docker_client

if TYPE_CHECKING:
    from bough_components.local.home import Home


@dataclass(frozen=True, kw_only=True)
class Running:
    """An instance; `images` are what its image is called in registries, `repository@sha256:…`."""

    name: str
    service: str
    images: frozenset[str]


def instances(home: Home, slug: str) -> list[Running]:
    """Every running instance of an environment: by the content that it was started from."""
    api = docker_client().api
    labels = names.environment_labels(home.settings.name, slug, "instance")
    return [
        Running(
            name=found["Labels"][names.LABEL_INSTANCE],
            service=found["Labels"][names.LABEL_SERVICE],
            images=frozenset(
                reference.rpartition("/")[2]
                for reference in api.inspect_image(found["ImageID"])["RepoDigests"]
            ),
        )
        for found in looking.labelled(labels)
        if found["State"] == "running"
    ]
