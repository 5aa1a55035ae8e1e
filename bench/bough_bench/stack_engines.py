"""The engines of a stack of its own: their keys, and waiting until each does its work."""

import base64
import json
import secrets
import time
import uuid
from collections.abc import Callable, Mapping

import consul
import hvac
import psycopg
import requests
from hvac.exceptions import VaultError

_READY_SECONDS = 60
_POLL = 0.05
_NOT_READY = (
    requests.RequestException,
    psycopg.Error,
    VaultError,
    consul.ConsulException,
)


def make_keys(role: str) -> dict[str, str]:
    """The files that an engine finds under /run/keys: name to content."""
    if role == "postgres":
        return {"postgres": secrets.token_urlsafe(32)}
    if role == "consul":
        tokens = {"initial_management": str(uuid.uuid4())}
        gossip = base64.b64encode(secrets.token_bytes(32)).decode()
        return {"consul.json": json.dumps({"acl": {"tokens": tokens}, "encrypt": gossip})}
    return {}


def ready_vault(address: str, plugins: Mapping[str, str]) -> hvac.Client:
    """Initialise and unseal Vault; a client with the root token."""
    vault = hvac.Client(url=f"http://{address}:8200", token="")
    _wait("vault", lambda: vault.sys.is_initialized() is False)
    answer = vault.sys.initialize(secret_shares=1, secret_threshold=1)
    vault.sys.submit_unseal_key(answer["keys_base64"][0])
    vault.token = answer["root_token"]
    health = f"http://{address}:8200/v1/sys/health"
    _wait("vault's storage", lambda: requests.get(health, timeout=2).status_code == 200)
    for name, checksum in plugins.items():
        facts = {"command": name, "sha256": checksum}
        vault.adapter.post(f"/v1/sys/plugins/catalog/database/{name}", json=facts)
    return vault


def ready_consul(address: str, configuration: str) -> consul.Consul:
    """A client with the management token of `configuration`, once there is a leader."""
    token = json.loads(configuration)["acl"]["tokens"]["initial_management"]
    client = consul.Consul(host=address, token=token)
    _wait("consul", lambda: client.acl.policy.list() is not None)
    return client


def ready_postgres(address: str, password: str) -> Callable[[str], psycopg.Connection]:
    """What connects to the database of a name, as the superuser."""

    def connect(database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=address, user="bough", password=password, dbname=database, autocommit=True
        )

    _wait("postgres", lambda: connect("postgres").closed == 0)
    return connect


def _wait(what: str, question: Callable[[], bool]) -> None:
    deadline, last = time.monotonic() + _READY_SECONDS, "not yet"
    while time.monotonic() < deadline:
        try:
            if question():
                return
        except _NOT_READY as error:
            last = str(error)
        time.sleep(_POLL)
    raise RuntimeError(f"{what} was not ready in {_READY_SECONDS} s: {last}")
