"""Vault's first hour: initialise, unseal, audit, give the operator a narrow role, drop the root."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import bough_policies
import hvac

from bough_components import names
from bough_components.errors import BoughError, UnhealthyError
from bough_components.local import keys
from bough_components.local.clients import http, vault_address
from bough_components.local.home import write_private
from bough_components.local.vault_space import ensure_mount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough_components.local.home import Home

UNSEAL_KEY = "vault/vault-unseal"
OPERATOR = "operator/vault"
_ROOT = "operator/vault-root"
_AUDIT_FILES = {"file": "/vault/audit/audit.log", "second": "/vault/audit2/audit.log"}


def ensure(home: Home, plugins: Mapping[str, str]) -> None:
    """Leave Vault unsealed and with an operator's role; no root token is alive afterwards.

    Every step may be repeated, so an interrupted set-up is finished by the next one.
    """
    client = hvac.Client(url=vault_address(home), token="", timeout=30, session=http())
    if not client.sys.is_initialized():
        _initialise(home, client)
    _wait_until_unsealed(home, client)
    client.token = _root_token(home, client)
    _enable_audit(client)
    for name, checksum in plugins.items():
        _register_plugin(client, name, checksum)
    _enable_signing(client)
    _enable_operator(home, client)
    client.auth.token.revoke_self()
    home.key(_ROOT).unlink(missing_ok=True)


def _initialise(home: Home, client: hvac.Client) -> None:
    """One key share: whoever can read it can read the disk; both files are on disk on return."""
    answer = client.sys.initialize(secret_shares=1, secret_threshold=1)
    keys.write(home.key(UNSEAL_KEY), answer["keys_base64"][0])
    home.folder("keys/operator")
    write_private(home.key(_ROOT), answer["root_token"])


def _wait_until_unsealed(home: Home, client: hvac.Client, seconds: float = 30) -> None:
    client.sys.submit_unseal_key(_unseal_key(home))
    deadline = time.monotonic() + seconds
    while http().get(f"{vault_address(home)}/v1/sys/health", timeout=5).status_code != 200:
        if time.monotonic() > deadline:
            raise UnhealthyError(
                f"vault is still sealed after {seconds:.0f} s",
                hint=f"is {home.key(UNSEAL_KEY)} the key of this platform's data?",
            )
        time.sleep(0.1)


def _root_token(home: Home, client: hvac.Client) -> str:
    """The first root token while it lives, else one made with the unseal key."""
    if home.key(_ROOT).exists():
        client.token = home.key(_ROOT).read_text()
        if client.is_authenticated():
            return str(client.token)
        home.key(_ROOT).unlink()
    client.token = ""
    client.sys.cancel_root_generation()
    attempt = client.sys.start_root_token_generation()
    answer = client.sys.generate_root(_unseal_key(home), attempt["nonce"])
    return _decoded(answer["encoded_token"], attempt["otp"])


def _unseal_key(home: Home) -> str:
    try:
        return home.key(UNSEAL_KEY).read_text().strip()
    except FileNotFoundError:
        raise BoughError(
            f"the key that unseals this platform's Vault is not in {home.key(UNSEAL_KEY)}",
            "bring it back, or begin anew: `bough platform down --environments --purge`",
        ) from None


def _decoded(encoded: str, otp: str) -> str:
    """Vault hands a root token out combined with a one-time pad, by exclusive or."""
    import base64

    padded = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    return bytes(a ^ b for a, b in zip(padded, otp.encode(), strict=True)).decode()


def _enable_audit(client: hvac.Client) -> None:
    """Two devices: Vault stops answering when it can write to none."""
    enabled = client.sys.list_enabled_audit_devices()["data"]
    for name, path in _AUDIT_FILES.items():
        if f"{name}/" not in enabled:
            client.sys.enable_audit_device("file", path=name, options={"file_path": path})


def _register_plugin(client: hvac.Client, name: str, checksum: str) -> None:
    kind = "database" if name.endswith("-database-plugin") else "secret"
    facts = {"command": name, "sha256": checksum}
    client.adapter.post(f"/v1/sys/plugins/catalog/{kind}/{name}", json=facts)


def _enable_signing(client: hvac.Client) -> None:
    """A key that signs and never leaves; one that is there stays, with all its versions."""
    ensure_mount(client, "sys/mounts/transit", "transit")
    client.secrets.transit.create_key(
        names.SIGNING_KEY, key_type="ed25519", exportable=False, allow_plaintext_backup=False
    )


def _enable_operator(home: Home, client: hvac.Client) -> None:
    client.sys.create_or_update_acl_policy("operator", bough_policies.render("operator.hcl"))
    ensure_mount(client, "sys/auth/operator", "approle")
    settings = {
        "token_policies": ["operator"],
        "token_no_default_policy": True,
        "token_type": "batch",
        "token_ttl": "20m",
        "secret_id_ttl": 0,
    }
    role = "/v1/auth/operator/role/bough"
    client.adapter.post(role, json=settings)
    _enable_copier(client)
    if home.key(OPERATOR).exists():
        return
    role_id = client.adapter.get(f"{role}/role-id")["data"]["role_id"]
    secret_id = client.adapter.post(f"{role}/secret-id", json={})["data"]["secret_id"]
    login = {"role_id": role_id, "secret_id": secret_id, "mount_point": "operator"}
    write_private(home.key(OPERATOR), json.dumps(login))


def _enable_copier(client: hvac.Client) -> None:
    """A login for each copy of a secret, which the operator's own role may not read."""
    client.sys.create_or_update_acl_policy("copier", bough_policies.render("copier.hcl"))
    settings = {
        "token_policies": ["copier"],
        "token_no_default_policy": True,
        "token_type": "batch",
        "token_ttl": "60s",
        "secret_id_ttl": "60s",
        "secret_id_num_uses": 1,
    }
    role = "/v1/auth/operator/role/copier"
    client.adapter.post(role, json=settings)
    client.adapter.post(f"{role}/role-id", json={"role_id": "copier"})
