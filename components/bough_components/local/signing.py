"""The platform's signing key: Ed25519, in Vault's transit engine, which never hands it out."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bough_components.errors import UnavailableError
from bough_components.local.clients import engine_errors, vault_client
from bough_components.names import SIGNING_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough_components.local.home import Home


def sign(home: Home, message: bytes) -> tuple[bytes, bytes]:
    """The signature of `message` (64 bytes) and the public key that it fits (32 bytes)."""
    encoded = base64.b64encode(message).decode()
    with _needs_key():
        transit = vault_client(home).secrets.transit
        answer = transit.sign_data(SIGNING_KEY, hash_input=encoded)["data"]
    _vault, _version, signature = answer["signature"].split(":")
    return base64.b64decode(signature), public_keys(home)[answer["key_version"]]


def public_keys(home: Home) -> dict[int, bytes]:
    """Version to public key (32 bytes) of all versions that Vault still stands for."""
    with _needs_key():
        found = vault_client(home).secrets.transit.read_key(SIGNING_KEY)["data"]["keys"]
    return {int(version): base64.b64decode(key["public_key"]) for version, key in found.items()}


def rotate(home: Home) -> int:
    """Sign with a new version from now on; the version. What older ones signed stays verifiable."""
    with _needs_key():
        vault_client(home).secrets.transit.rotate_key(SIGNING_KEY)
    return max(public_keys(home))


@contextmanager
def _needs_key() -> Iterator[None]:
    from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest

    try:
        with engine_errors():
            yield
    except (Forbidden, InvalidPath, InvalidRequest):
        raise UnavailableError(
            "Vault lets this platform's operator sign nothing: there is no signing key yet, or the"
            " operator's rules are old",
            "run `bough platform up`",
        ) from None
