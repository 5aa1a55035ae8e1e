"""What is attached to an image: OCI artifacts that name it as their subject.

Source: OCI image specification 1.1, image manifest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough_components.errors import NotFoundError, UnverifiedError
from bough_components.local.referrers_index import entries, rewrite
from bough_components.local.repository import Descriptor, Repository, descriptor, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough_components.local.home import Home

_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_EMPTY = "application/vnd.oci.empty.v1+json"
_NOTHING = b"{}"


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """One blob to attach. `kind` is the OCI `artifactType`."""

    kind: str
    media_type: str
    content: bytes
    annotations: dict[str, str]

    @property
    def digest(self) -> str:
        return digest_of(self.content)


def attach(home: Home, image: str, artifact: Artifact) -> None:
    """Attach to `image` (`repository@sha256:…`); twice is once.

    Raises `NotFoundError` when the image is not in the registry.
    """
    repository, digest = _parts(home, image)
    subject = repository.manifest(digest)
    if subject is None:
        raise NotFoundError(
            f"nothing can be attached to {image}: the registry does not have it",
            "run `bough up` to build it again",
        )
    for blob in (_NOTHING, artifact.content):
        repository.put_blob(blob)
    manifest = _manifest(artifact, descriptor(*subject))
    if not repository.put_manifest(manifest, _MANIFEST):
        entry = {
            **descriptor(manifest, _MANIFEST),
            "artifactType": artifact.kind,
            "annotations": artifact.annotations,
        }
        rewrite(repository, digest, lambda listed: [*listed, entry])


def attached(home: Home, image: str, kind: str) -> Iterator[tuple[str, bytes]]:
    """Digest and content of every blob of that kind, in the order in which they were attached.

    Raises `UnverifiedError` when the image, or something that is listed, is gone or was changed.
    """
    repository, digest = _parts(home, image)
    if repository.manifest(digest) is None:
        raise UnverifiedError(
            f"the image {image} is gone from the registry",
            hint="promote another release, or run `bough up` on its commit to build it again",
        )
    for entry in entries(repository, digest):
        if entry.get("artifactType") == kind:
            yield from _blobs(repository, entry["digest"])


def detach(home: Home, image: str, digest: str) -> bool:
    """Take away what has this digest, as a blob or as a manifest; whether it was there."""
    repository, subject = _parts(home, image)
    gone = [
        entry["digest"]
        for entry in entries(repository, subject)
        if digest in _names(repository, entry["digest"])
    ]
    rewrite(repository, subject, lambda listed: [e for e in listed if e["digest"] not in gone])
    for manifest in gone:
        repository.delete_manifest(manifest)
    return bool(gone)


def _parts(home: Home, image: str) -> tuple[Repository, str]:
    name, _, digest = image.partition("@")
    return Repository(home, name), digest


def _manifest(artifact: Artifact, subject: Descriptor) -> bytes:
    document = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "artifactType": artifact.kind,
        "config": descriptor(_NOTHING, _EMPTY),
        "layers": [descriptor(artifact.content, artifact.media_type)],
        "subject": subject,
        "annotations": artifact.annotations,
    }
    return json.dumps(document, separators=(",", ":")).encode()


def _blobs(repository: Repository, manifest: str) -> Iterator[tuple[str, bytes]]:
    for digest in _layers(repository, manifest):
        content = repository.blob(digest)
        if content is None:
            raise _lost(repository, digest)
        yield digest, content


def _names(repository: Repository, manifest: str) -> list[str]:
    """Digests that an attached artifact is known by; a damaged one has only its manifest's."""
    try:
        return [manifest, *_layers(repository, manifest)]
    except UnverifiedError:
        return [manifest]


def _layers(repository: Repository, manifest: str) -> list[str]:
    found = repository.manifest(manifest)
    if found is None:
        raise _lost(repository, manifest)
    return [layer["digest"] for layer in json.loads(found[0])["layers"]]


def _lost(repository: Repository, digest: str) -> UnverifiedError:
    return UnverifiedError(
        f"{digest} is listed as attached to an image of repository {repository.name}, and gone",
        hint="somebody removed it from the registry: find out who",
    )
