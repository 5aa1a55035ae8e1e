"""Attestations before anybody verified them: from the registry, or from a bundle.

A bundle is a file of JSON Lines, an envelope a line, as the in-toto attestation framework has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough.attestation.attesting import ARTIFACT_TYPE, subjects
from bough.attestation.dsse import Envelope
from bough_components.errors import NotFoundError, UnverifiedError
from bough_components.local import referrers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bough_components.local.home import Home


@dataclass(frozen=True)
class Evidence:
    """`name` says where it is: a digest in the registry, or a file's line."""

    name: str
    content: bytes


def collect(home: Home, images: Mapping[str, str]) -> list[Evidence]:
    """All that is attached to a release's images (service to `repository@sha256:…`).

    Raises `UnverifiedError` when an image, or what is listed, is gone or was changed.
    """
    subjects(images)
    found = {
        digest: content
        for image in dict.fromkeys(images.values())
        for digest, content in referrers.attached(home, image, ARTIFACT_TYPE)
    }
    return [Evidence(*each) for each in found.items()]


def export_bundle(evidence: Iterable[Evidence], path: Path) -> None:
    """Write a bundle that can be verified elsewhere, with nothing but it and the public keys."""
    path.write_bytes(b"".join(_line(each) for each in evidence))


def load_bundle(path: Path) -> list[Evidence]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        raise NotFoundError(
            f"there is no bundle {path}", "`bough release export` writes one"
        ) from None
    return [
        Evidence(f"line {number} of {path.name}", line)
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]


def _line(evidence: Evidence) -> bytes:
    try:
        return Envelope.decode(evidence.content).encode() + b"\n"
    except ValueError as error:
        raise UnverifiedError(
            f"{evidence.name} cannot go into a bundle: {error}",
            hint="see `bough release verify`",
        ) from None
