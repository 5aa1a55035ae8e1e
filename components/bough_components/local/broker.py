"""What bough asks of RabbitMQ, through its management interface: virtual hosts and accounts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bough_components.errors import BoughError
from bough_components.local.clients import LOOPBACK, engine_errors, http
from bough_components.local.keys import RABBITMQ_USER

if TYPE_CHECKING:
    import requests

    from bough_components.local.home import Home

ROLE = "rabbitmq"
AMQP_PORT = 5672
MANAGEMENT = "http://rabbitmq.bough:15672"
"""Where Vault finds the management interface."""
_NOT_FOUND = 404


def present(home: Home) -> bool:
    """Whether this platform has a RabbitMQ: it does once an application asked for one."""
    return ROLE in home.settings.engines


def answers(home: Home) -> bool:
    """Whether it takes messages, which it does later than it answers questions."""
    import requests

    try:
        return _ask(home, "GET", f"health/checks/port-listener/{AMQP_PORT}").ok
    except (BoughError, requests.RequestException):
        return False


def vhosts(home: Home, prefix: str) -> list[str]:
    """Virtual hosts whose names begin so."""
    return _named(home, "vhosts", prefix)


def users(home: Home, prefix: str) -> list[str]:
    """Accounts whose names begin so."""
    return _named(home, "users", prefix)


def ensure_vhost(home: Home, name: str) -> None:
    _tell(home, "PUT", f"vhosts/{quote(name)}")


def drop_vhost(home: Home, name: str) -> None:
    """Remove a virtual host with its queues and messages; nothing there is success."""
    _tell(home, "DELETE", f"vhosts/{quote(name)}")


def renew_admin(home: Home, name: str) -> str:
    """Give an account that may make others a new password; whoever gets it is the only one."""
    password = secrets.token_urlsafe(32)
    body = {"password": password, "tags": "administrator"}
    _tell(home, "PUT", f"users/{quote(name)}", body)
    return password


def drop_user(home: Home, name: str) -> None:
    """Remove an account, whose connections end; nothing there is success."""
    _tell(home, "DELETE", f"users/{quote(name)}")


def _named(home: Home, kind: str, prefix: str) -> list[str]:
    names = [found["name"] for found in _ask(home, "GET", kind).json()]
    return sorted(name for name in names if name.startswith(prefix))


def _tell(home: Home, method: str, path: str, body: dict[str, Any] | None = None) -> None:
    answer = _ask(home, method, path, body)
    if method != "DELETE" or answer.status_code != _NOT_FOUND:
        answer.raise_for_status()


def _ask(
    home: Home, method: str, path: str, body: dict[str, Any] | None = None
) -> requests.Response:
    settings = home.credential("rabbitmq/rabbitmq.conf")
    password = settings.rpartition(" = ")[2]
    with engine_errors():
        return http().request(
            method,
            f"http://{LOOPBACK}:{home.settings.ports[ROLE]}/api/{path}",
            auth=(RABBITMQ_USER, password),
            json=body,
            timeout=10,
        )
