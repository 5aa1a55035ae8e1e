"""A Vault of a test's own, from a platform's image, whose storage can be written to: what takes ten
minutes to happen is written there."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import bough_policies
import requests
from tests.support import witness
from tests.support.platforms import free_port
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.platforms import Platform

_PLUGINS = "/opt/vault/plugins"
_CONFIGURATION = """
raw_storage_endpoint = true
disable_mlock = true
storage "inmem" {{}}
listener "tcp" {{
  address = "127.0.0.1:{port}"
  tls_disable = true
}}
api_addr = "http://127.0.0.1:{port}"
"""


@dataclass
class LoneVault:
    """Asked with its root token."""

    port: int
    token: str = ""
    key: str = ""

    def ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = requests.request(
            method,
            f"http://127.0.0.1:{self.port}/v1/{path}",
            headers={"X-Vault-Token": self.token},
            json=body or None,
            timeout=10,
        )
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    def begin(self) -> None:
        """Initialise and unseal."""
        made = self.ask("PUT", "sys/init", secret_shares=1, secret_threshold=1)
        self.token, self.key = made["root_token"], made["keys_base64"][0]
        self.unseal()

    def unseal(self) -> None:
        self.ask("PUT", "sys/unseal", key=self.key)
        until(self.is_active, 30, "Vault is unsealed")

    def is_active(self) -> bool:
        try:
            return not self.ask("GET", "sys/health")["sealed"]
        except requests.RequestException:
            return False

    def give_up(self, lease: str, why: str) -> None:
        """Mark a lease as one that could not be revoked six times."""
        path = f"sys/raw/sys/expire/id/{lease}"
        entry = json.loads(self.ask("GET", path)["data"]["value"])
        self.ask("PUT", path, value=json.dumps({**entry, "revokeErr": why}))
        # what it has in its memory is read anew
        self.ask("PUT", "sys/seal")
        self.unseal()

    def operator(self) -> dict[str, str]:
        """A login with the rights that bough itself has in a platform's Vault."""
        self.ask("PUT", "sys/policies/acl/operator", policy=bough_policies.render("operator.hcl"))
        self.ask("POST", "sys/auth/operator", type="approle")
        role = "auth/operator/role/bough"
        self.ask("POST", role, token_policies=["operator"], token_no_default_policy=True)
        role_id = self.ask("GET", f"{role}/role-id")["data"]["role_id"]
        secret_id = self.ask("POST", f"{role}/secret-id", ttl="1h")["data"]["secret_id"]
        return {"role_id": role_id, "secret_id": secret_id, "mount_point": "operator"}


@contextmanager
def lone_vault(platform: Platform, folder: Path) -> Iterator[LoneVault]:
    """A Vault that listens on this machine's loopback alone, gone with the block."""
    port = free_port()
    image = witness.inspect(platform.container("vault"))[0]
    text = _CONFIGURATION.format(port=port)
    if any(label.startswith("bough.sha256.") for label in image["Config"]["Labels"]):
        text += f'plugin_directory = "{_PLUGINS}"\n'
    folder.chmod(0o755)
    (folder / "vault.hcl").write_text(text)
    words = ["run", "--detach", "--rm", "--network", "host", "--entrypoint", "vault"]
    words += ["--label", f"bough.platform={platform.name}", "--volume", f"{folder}:/lone:ro"]
    container = witness.docker(*words, image["Image"], "server", "-config=/lone/vault.hcl")
    try:
        vault = LoneVault(port)
        until(lambda: _listens(vault), 30, "Vault listens")
        vault.begin()
        for name, checksum in _plugins(image).items():
            path = f"sys/plugins/catalog/secret/{name}"
            vault.ask("PUT", path, command=name, sha256=checksum)
        yield vault
    finally:
        witness.docker("rm", "--force", container)


def _plugins(image: dict[str, Any]) -> dict[str, str]:
    """Engines that the image brings as programs of their own, with their checksums."""
    labels: dict[str, str] = image["Config"]["Labels"]
    wanted = {"rabbitmq": labels.get("bough.sha256.rabbitmq")}
    return {name: checksum for name, checksum in wanted.items() if checksum}


def _listens(vault: LoneVault) -> bool:
    try:
        return not vault.ask("GET", "sys/init")["initialized"]
    except requests.RequestException:
        return False
