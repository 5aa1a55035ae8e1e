"""The key with which Consul's agents talk to each other."""

from __future__ import annotations

import base64
import json
import secrets
from typing import TYPE_CHECKING

from bough_components.errors import BoughError
from bough_components.local import keys
from bough_components.local.clients import LOOPBACK, http

if TYPE_CHECKING:
    import requests

    from bough_components.local.home import Home

_FILE = "consul/consul.json"
_TIMEOUT = 10


def rotate(home: Home) -> None:
    """Install a new key, use it, write it down, and only then remove the others."""
    settings = json.loads(home.credential(_FILE))
    new = base64.b64encode(secrets.token_bytes(32)).decode()
    _keyring(home, "POST", new)
    _keyring(home, "PUT", new)
    keys.write(home.key(_FILE), json.dumps({**settings, "encrypt": new}))
    for old in known(home) - {new}:
        _keyring(home, "DELETE", old)


def known(home: Home) -> set[str]:
    """The keys that the agents have now."""
    rings = _keyring(home, "GET").json()
    return {key for ring in rings for key in ring["Keys"]}


def _keyring(home: Home, method: str, key: str | None = None) -> requests.Response:
    acl = json.loads(home.credential(_FILE))["acl"]["tokens"]
    answer = http().request(
        method,
        f"http://{LOOPBACK}:{home.settings.ports['consul']}/v1/operator/keyring",
        headers={"X-Consul-Token": acl["initial_management"]},
        json={"Key": key} if key else None,
        timeout=_TIMEOUT,
    )
    if not answer.ok:
        raise BoughError(
            f"Consul refused to change its gossip keys (HTTP {answer.status_code})",
            "nothing was lost: run it again",
        )
    return answer
