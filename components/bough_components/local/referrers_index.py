"""The list of what refers to a manifest.

Registries without the referrers API (Docker's is one) leave it to their clients: an image index
under the tag `sha256-<hex>`. Source: OCI distribution specification 1.1, referrers tag schema.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from bough_components.errors import UnverifiedError
from bough_components.local.repository import Descriptor, Repository, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Entries = list[Descriptor]

_INDEX = "application/vnd.oci.image.index.v1+json"


def entries(repository: Repository, digest: str) -> Entries:
    """Descriptors of what is attached to the manifest of that digest."""
    return _read(repository.referrers(digest) or _index(repository, digest))


def _index(repository: Repository, digest: str) -> bytes | None:
    found = repository.manifest(_tag(digest))
    return found and found[0]


def _read(index: bytes | None) -> Entries:
    if index is None:
        return []
    parsed: dict[str, Any] = json.loads(index)
    if parsed.get("mediaType") != _INDEX:
        raise UnverifiedError(
            "the registry's list of what is attached to an image is not an image index",
            hint="find out who wrote it: only bough writes there",
        )
    found: Entries = parsed["manifests"]
    return found


def rewrite(repository: Repository, digest: str, change: Callable[[Entries], Entries]) -> None:
    """Change the list under the tag; one at a time, since a registry cannot compare and swap.

    The lock is this machine's: nobody else can reach the registry.
    """
    locks = repository.home.folder("locks")
    with FileLock(locks / f"referrers-{digest.partition(':')[2]}.lock"):
        before = _index(repository, digest)
        old = _read(before)
        new = list({entry["digest"]: entry for entry in change(old)}.values())
        if new == old:
            return
        index = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": new}
        content = json.dumps(index, separators=(",", ":")).encode()
        repository.put_manifest(content, _INDEX, _tag(digest))
        if before:
            repository.delete_manifest(digest_of(before))


def _tag(digest: str) -> str:
    return digest.replace(":", "-", 1)
