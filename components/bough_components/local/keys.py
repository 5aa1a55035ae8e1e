"""The platform's own credentials: made once, kept in files that only their user can read.

A folder of keys for each engine is mounted into that engine's container and no other.
"""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from typing import TYPE_CHECKING

from bough_components.local import containers
from bough_components.local.home import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from bough_components.local.home import Home


RABBITMQ_USER = "bough"


def ensure(home: Home, role: str) -> Path:
    """The folder of an engine's keys, with whatever it needs to start in it."""
    folder = home.folder(f"keys/{role}")
    containers.give(folder)
    name, make = _INITIAL.get(role, ("", None))
    if make and not (folder / name).exists():
        write(folder / name, make(home))
    return folder


def write(path: Path, text: str) -> None:
    """Write a key where the engine's user can read it and nobody else."""
    write_private(path, text)
    containers.give(path)


def _password(_home: Home) -> str:
    return secrets.token_urlsafe(32)


def _consul(_home: Home) -> str:
    gossip = base64.b64encode(secrets.token_bytes(32)).decode()
    # without one of its own, the agent may not tell the catalog that an instance has gone
    tokens = dict.fromkeys(("initial_management", "agent"), str(uuid.uuid4()))
    return json.dumps({"acl": {"tokens": tokens}, "encrypt": gossip})


def _registry(home: Home) -> str:
    """The registry gets a hash; the password is in `operator/registry`, which it never sees."""
    import bcrypt

    password = secrets.token_urlsafe(32)
    login = {"username": "bough", "password": password}
    write_private(home.folder("keys/operator") / "registry", json.dumps(login))
    return f"bough:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=6)).decode()}\n"


def _rabbitmq(_home: Home) -> str:
    """Read when there is no account yet."""
    return f"default_user = {RABBITMQ_USER}\ndefault_pass = {secrets.token_urlsafe(32)}\n"


_INITIAL = {
    "postgres": ("postgres", _password),
    "mariadb": ("mariadb", _password),
    "rabbitmq": ("rabbitmq.conf", _rabbitmq),
    "consul": ("consul.json", _consul),
    "registry": ("htpasswd", _registry),
}
