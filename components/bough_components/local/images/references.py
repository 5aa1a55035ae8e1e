"""Image references, as people write them: ``[registry/]repository[:tag][@sha256:...]``."""

from collections.abc import Iterable

from docker.auth import resolve_repository_name
from docker.utils import parse_repository_tag

DOCKER_HUB = "docker.io"


def familiar(reference: str) -> str:
    """The one short form of a reference, as the engine shows it: ``postgres:15``, not
    ``docker.io/library/postgres:15``. The tag ``latest`` is written out.
    """
    short = reference.removeprefix(f"{DOCKER_HUB}/").removeprefix("library/")
    return short if parse_repository_tag(short)[1] else f"{short}:latest"


def registry_of(reference: str) -> str:
    """The host (with port) that serves this reference; ``docker.io`` when it names none."""
    registry: str = resolve_repository_name(reference)[0]
    return registry


def repository_and_tag(reference: str) -> tuple[str, str]:
    """What the engine wants to be asked for: the tag may be a digest, which then wins."""
    named, _, digest = familiar(reference).partition("@")
    repository, tag = parse_repository_tag(named)
    return repository, digest or tag or ""


def digest_among(repo_digests: Iterable[str], reference: str) -> str | None:
    """The ``repository@sha256:...`` of this reference among an image's, or None."""
    repository = repository_and_tag(reference)[0]
    matching = (known for known in repo_digests if familiar(known).partition("@")[0] == repository)
    return next(matching, None)
