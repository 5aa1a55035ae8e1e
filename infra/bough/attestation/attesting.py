"""Making attestations: said of images, signed in Vault, attached to them in the registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bough.attestation import dsse, keys
from bough.attestation.statement import PAYLOAD_TYPE, Statement
from bough_components.errors import RefusedError
from bough_components.local import referrers, signing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough_components.local.home import Home

ARTIFACT_TYPE = "application/vnd.bough.attestation.v1+json"
"""What is attached under this type is bough's own, and must verify."""

_NAME = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_IMAGE = re.compile(f"{_NAME}(?:/{_NAME})*@sha256:[0-9a-f]{{64}}")


def attest(
    home: Home, images: Mapping[str, str], predicate_type: str, predicate: Mapping[str, Any]
) -> str:
    """State something of a release's `images` (service to `repository@sha256:…`).

    Returns the attestation's name: the digest of its envelope, which is also the bundle's line and
    the blob in the registry. The same statement under the same version of the key is one
    attestation. Raises `NotFoundError` when an image is not in the registry, `RefusedError` for a
    predicate that JSON cannot hold.
    """
    statement = Statement(subjects(images), predicate_type, predicate)
    artifact = referrers.Artifact(
        kind=ARTIFACT_TYPE,
        media_type=dsse.MEDIA_TYPE,
        content=_signed(home, statement).encode(),
        annotations={"in-toto.io/predicate-type": predicate_type},
    )
    for image in dict.fromkeys(images.values()):
        referrers.attach(home, image, artifact)
    return artifact.digest


def withdraw(home: Home, images: Mapping[str, str], attestation: str) -> None:
    """Take an attestation away, such as a damaged one; `attestation` is its digest, or that of its
    manifest in the registry."""
    gone = [referrers.detach(home, image, attestation) for image in set(images.values())]
    if not any(gone):
        raise RefusedError(
            f"{attestation} is attached to none of the images of this release",
            "`bough release verify` names what is",
        )


def subjects(images: Mapping[str, str]) -> dict[str, str]:
    """Service to `sha256:…`; `RefusedError` for an image that is not named by its digest."""
    for service, image in images.items():
        if not _IMAGE.fullmatch(image):
            raise RefusedError(
                f"the image of {service}, {image!r}, is not named by its repository and digest",
                "an attestation binds to `repository@sha256:…`",
            )
    return {service: image.partition("@")[2] for service, image in images.items()}


def _signed(home: Home, statement: Statement) -> dsse.Envelope:
    try:
        payload = statement.encode()
    except (TypeError, ValueError) as error:
        raise RefusedError(
            f"what is to be attested cannot be written as JSON: {error}",
            "have the gate give evidence of text, whole or finite numbers, lists and objects",
        ) from None
    value, key = signing.sign(home, dsse.pae(PAYLOAD_TYPE, payload))
    signature = dsse.Signature(keys.key_id(key), value)
    return dsse.Envelope(payload, PAYLOAD_TYPE, (signature,))
