"""Signing, with a Vault that holds one key in two versions; the real one is in the integration."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bough_components.errors import UnavailableError
from bough_components.local import signing
from bough_components.local.home import Home, write_private
from bough_secrets.testing.http import Reply, Request, Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYS = {"1": b"\x01" * 32, "10": b"\x0a" * 32, "9": b"\x09" * 32}


@pytest.fixture
def vault(home: Home) -> Iterator[Callable[[Callable[[Request], Reply]], None]]:
    """Give it the answers of a Vault."""
    servers: list[Server] = []

    def start(answer: Callable[[Request], Reply]) -> None:
        def with_login(request: Request) -> Reply:
            if request.path.endswith("/login"):
                return Reply(body={"auth": {"client_token": "opaque"}})
            return answer(request)

        servers.append(Server(with_login))
        port = int(servers[-1].address.rpartition(":")[2])
        home.save(replace(home.settings, ports={**home.settings.ports, "vault": port}))
        login = {"role_id": "r", "secret_id": "s", "mount_point": "operator"}
        write_private(home.folder("keys/operator") / "vault", json.dumps(login))

    yield start
    for server in servers:
        server.close()


def knows_keys(request: Request) -> Reply:
    keys = {name: {"public_key": base64.b64encode(key).decode()} for name, key in KEYS.items()}
    if request.method == "GET":
        return Reply(body={"data": {"keys": keys}})
    if request.path == "/v1/transit/keys/bough/rotate":
        return Reply()
    assert (request.method, request.path) == ("POST", "/v1/transit/sign/bough")
    value = base64.b64encode(base64.b64decode(request.body["input"])[::-1]).decode()
    return Reply(body={"data": {"signature": f"vault:v9:{value}", "key_version": 9}})


def test_a_signature_comes_with_the_key_that_it_fits(
    home: Home, vault: Callable[[Callable[[Request], Reply]], None]
) -> None:
    vault(knows_keys)
    assert signing.sign(home, b"message") == (b"egassem", KEYS["9"])


def test_versions_are_numbers(
    home: Home, vault: Callable[[Callable[[Request], Reply]], None]
) -> None:
    vault(knows_keys)
    assert signing.public_keys(home) == {int(version): key for version, key in KEYS.items()}
    assert signing.rotate(home) == 10


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_platform_without_a_key_says_what_to_do(
    home: Home, vault: Callable[[Callable[[Request], Reply]], None], status: int
) -> None:
    vault(lambda _: Reply(status, {"errors": ["permission denied"]}))
    with pytest.raises(UnavailableError, match=r"no signing key yet.*run `bough platform up`"):
        signing.sign(home, b"message")


def test_a_vault_that_is_away(home: Home) -> None:
    login = {"role_id": "r", "secret_id": "s", "mount_point": "operator"}
    write_private(home.folder("keys/operator") / "vault", json.dumps(login))
    with pytest.raises(UnavailableError, match=r"^vault does not answer"):
        signing.sign(home, b"message")
