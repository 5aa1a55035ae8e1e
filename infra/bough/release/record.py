"""What a release is, and its name. Pure (ADR 29)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from bough.ledger.entries import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough_components.spec import Environment

_NOT_THE_RELEASE_S = ("slug", "ref", "commit", "stage", "step_images", "canary")


@dataclass(frozen=True, kw_only=True)
class Release:
    """The immutable thing that is promoted.

    `commit` and `tree` (of the application's folder) are git hashes; `images` maps each service to
    `repository@sha256:…`; `configuration` is the SHA-256 of the description; `schema` maps each
    database to the revision that the release's migrations lead to.
    """

    application: str
    commit: str
    tree: str
    images: Mapping[str, str]
    configuration: str
    schema: Mapping[str, str]

    @classmethod
    def of(cls, spec: Environment, tree: str, images: Mapping[str, str]) -> Self:
        """The release that an environment serves; `images` are references, with a host or not."""
        return cls(
            application=spec.application,
            commit=spec.commit,
            tree=tree,
            images={service: image.rpartition("/")[2] for service, image in images.items()},
            configuration=_hash(description(spec)),
            schema={database.name: database.revision for database in spec.databases},
        )

    @cached_property
    def id(self) -> str:
        """Its name: 64 hex digits."""
        return _hash(asdict(self))

    @property
    def digests(self) -> frozenset[str]:
        """Of its images, `sha256:…`."""
        return frozenset(image.partition("@")[2] for image in self.images.values())

    @property
    def short(self) -> str:
        """The first twelve digits of its name, as commands show it."""
        return self.id[:12]


def description(spec: Environment) -> dict[str, Any]:
    """All that decides how a release behaves besides its images, as plain data."""
    data = asdict(spec)
    services = [{**each, "build": None, "image": None} for each in data["services"]]
    databases = [{**each, "files": {}} for each in data["databases"]]
    kept = {key: value for key, value in data.items() if key not in _NOT_THE_RELEASE_S}
    return {**kept, "services": services, "databases": databases}


def _hash(data: Any) -> str:
    return hashlib.sha256(canonical(data).encode()).hexdigest()
