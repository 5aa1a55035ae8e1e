"""What it takes to resolve images, and what comes out of it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from docker import APIClient
from docker.errors import ImageNotFound
from requests.exceptions import ConnectionError as NoConnection

from bough_components.errors import UnavailableError

SYSTEM_CA_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True, kw_only=True)
class ResolvedImage:
    """An image that is in the engine now.

    reference: for ``docker run`` and ``FROM``; pins the content (``name@sha256:...`` when pulled,
    ``bough/<name>:<hash of the recipe>`` when built).
    digest: ``sha256:...``; the registry's manifest when pulled, the engine's image id when built.
    labels: the image's own; a built Vault says here which database plugins it brings.
    """

    reference: str
    digest: str
    origin: Literal["pulled", "built"]
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """engine: low-level client. cache: folder of ours for small files and locks.

    binaries: the engines' programs by name, see ``Recipe.binaries``.
    report: receives one-line messages. ca_bundle: PEM file that built images trust.
    patience: seconds that a registry may take to say whether it has an image.
    """

    engine: APIClient
    cache: Path
    binaries: Mapping[str, Path]
    report: Callable[[str], None]
    ca_bundle: Path | None = None
    patience: float = 3.0

    def inspect(self, reference: str) -> dict[str, Any] | None:
        """What the engine knows of an image that it has, or None."""
        inspect: Callable[[str], dict[str, Any]] = self.engine.inspect_image
        try:
            return inspect(reference)
        except ImageNotFound:
            return None
        except NoConnection as error:
            raise UnavailableError("The Docker engine does not answer", "start it") from error

    def binary(self, name: str) -> Path:
        if name not in self.binaries or not self.binaries[name].is_file():
            hint = "'bough doctor' says how to get it"
            raise UnavailableError(f"The program {name} is needed to build an image", hint)
        return self.binaries[name]


def host_ca_bundle() -> Path | None:
    """The certificate authorities that this machine trusts, among them a company's own."""
    candidates = (os.environ.get("SSL_CERT_FILE"), *SYSTEM_CA_BUNDLES)
    return next((Path(path) for path in candidates if path and Path(path).is_file()), None)
