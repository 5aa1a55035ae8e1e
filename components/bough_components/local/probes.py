"""Whether each engine of the platform answers, asked from this machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import requests

from bough_components import names
from bough_components.errors import BoughError, UnhealthyError
from bough_components.local import broker, containers, mariadb_databases
from bough_components.local.clients import LOOPBACK, http, postgres

if TYPE_CHECKING:
    from bough_components.local.home import Home

_POLL = 0.1
_PATIENCE = {"postgres": 180, "mariadb": 180}
"""Seconds for which one may start; a database's first start writes its own tables to the disk."""


def answers(home: Home, role: str) -> bool:
    """Whether the engine in that role does its work now; Vault need not be unsealed for it."""
    if role == "postgres":
        return _postgres_answers(home)
    if role == "rabbitmq":
        return broker.answers(home)
    if role == "mariadb":
        return mariadb_databases.answers(home)
    return _http_answers(f"http://{LOOPBACK}:{home.settings.ports[role]}", role)


def _http_answers(address: str, role: str) -> bool:
    path = {
        "registry": "/",
        "vault": "/v1/sys/seal-status",
        "consul": "/v1/status/leader",
        "edge": "/generation",
    }[role]
    try:
        answer = http().get(address + path, headers={"Host": f"{role}.bough"}, timeout=2)
    except requests.RequestException:
        return False
    return answer.ok and answer.text.strip() != '""'


def _postgres_answers(home: Home) -> bool:
    try:
        with postgres(home) as connection:
            return connection.execute("SELECT 1").fetchone() is not None
    except (BoughError, OSError):
        return False


def wait(home: Home, role: str) -> None:
    """Return when the engine answers; `UnhealthyError` with its log when it does not in time."""
    name = names.platform_container(home.settings.name, role)
    seconds = _PATIENCE.get(role, 60)
    deadline = time.monotonic() + seconds
    while not answers(home, role):
        container = containers.find(name)
        if container is None or time.monotonic() > deadline:
            tail = containers.log_tail(container) if container else []
            raise UnhealthyError(
                f"{role} does not answer after {seconds:.0f} s; its last lines",
                tail,
                "see `bough platform status`; `bough platform up` starts it again",
            )
        time.sleep(_POLL)
