"""Being found by the neighbours."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bough_secrets.agent import Agent
from bough_secrets.errors import BoughSecretsError, MissingError
from bough_secrets.identity import Identity

log = logging.getLogger("bough_secrets")

CHECK_EVERY = "3s"
DEREGISTER_AFTER = "5m"


class Registration:
    """A registered instance; as a background task it confirms that, and registers again if lost.

    A service with a port is checked by Consul over HTTP. A worker has nothing to ask, so it
    reports by itself: its check turns critical after three missed beats, or when `alive` says no.
    """

    def __init__(
        self, agent: Agent, identity: Identity, heartbeat: float, alive: Callable[[], bool]
    ) -> None:
        self._agent = agent
        self._identity = identity
        self._heartbeat = heartbeat
        self._alive = alive
        self._entry = entry(describe(agent, identity), own_address(agent.address), identity,
                            heartbeat)  # fmt: skip
        self._register()

    def __call__(self) -> float:
        try:
            if not self._confirmed():
                log.warning("Consul had forgotten %s; registering again", self._id)
                self._register()
        except BoughSecretsError as error:
            log.warning("registration of %s not confirmed: %s", self._id, error)
        return self._heartbeat

    def end(self) -> None:
        """Deregister. Raises UnreachableError, DeniedError."""
        self._agent.deregister(self._id)

    @property
    def _id(self) -> str:
        return self._identity.registration_id

    def _register(self) -> None:
        self._agent.register(self._identity.registered_name(self._identity.service), **self._entry)
        if "ttl" in self._entry["check"]:
            self._agent.beat(check_id(self._identity), self._alive())

    def _confirmed(self) -> bool:
        if "ttl" in self._entry["check"]:
            return self._agent.beat(check_id(self._identity), self._alive())
        return self._agent.registered(self._id)


def check_id(identity: Identity) -> str:
    return f"service:{identity.registration_id}"


def entry(
    description: dict[str, Any], address: str, identity: Identity, heartbeat: float
) -> dict[str, Any]:
    """Return what to register, in py-consul's words."""
    port = description.get("port")
    check: dict[str, Any] = {
        "CheckID": check_id(identity),
        "DeregisterCriticalServiceAfter": DEREGISTER_AFTER,
    }
    if port is None:
        check["ttl"] = f"{3 * heartbeat:g}s"
    else:
        check["http"] = f"http://{address}:{port}{description['health']}"
        check |= {"interval": CHECK_EVERY, "timeout": "5s"}
    return {
        "service_id": identity.registration_id,
        "address": address,
        "port": port,
        "check": check,
    }


def describe(agent: Agent, identity: Identity) -> dict[str, Any]:
    """Read the service's own description. Raises MissingError."""
    description = agent.document(identity.description_key)
    if description is None:
        raise MissingError(
            f"Consul holds no {identity.description_key!r}", "Deploy the environment again"
        )
    return description


def own_address(consul: str) -> str:
    """Return the address that this instance has in Consul's network; nothing is sent."""
    url = urlsplit(consul)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((url.hostname, url.port))
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostbyname(socket.gethostname())
