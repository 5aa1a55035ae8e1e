"""Consul, tried with the token of an instance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local.isolation.thief import TIMEOUT, engine
from bough_components.local.isolation.verdicts import OWN, PLATFORM, Door

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bough_components.local.isolation.thief import Thief

_NODE = {"Node": "bough-verify-isolation", "Address": "127.0.0.1"}


@dataclass(frozen=True)
class Request:
    what: str
    method: str
    path: str
    body: Any = None


def doors(thief: Thief, neighbours: Iterable[str]) -> list[Door]:
    keys = Request("list its keys", "GET", f"kv/{names.consul_prefix(thief.slug)}?keys")
    return [
        _door(thief, OWN, keys),
        *(_door(thief, PLATFORM, request) for request in _platform(thief.slug)),
        *(_door(thief, slug, request) for slug in neighbours for request in _neighbours(slug)),
    ]


def _platform(slug: str) -> list[Request]:
    own_key = f"kv/{names.consul_prefix(slug)}config/x"
    return [
        Request("list tokens", "GET", "acl/tokens"),
        Request("list policies", "GET", "acl/policies"),
        Request("read the agent's settings", "GET", "agent/self"),
        Request("read the gossip keys", "GET", "operator/keyring"),
        Request("take a snapshot", "GET", "snapshot"),
        Request("register a service", "PUT", "agent/service/register", {"Name": _NODE["Node"]}),
        Request("register in the catalog", "PUT", "catalog/register", _NODE),
        Request("write a key of its own", "PUT", own_key, "x"),
        Request("take a session", "PUT", "session/create", {}),
        Request("fire an event", "PUT", "event/fire/x"),
    ]


def _neighbours(slug: str) -> list[Request]:
    prefix, services = names.consul_prefix(slug), names.consul_service_prefix(slug)
    return [
        Request("list its keys", "GET", f"kv/{prefix}?keys"),
        Request("read all of it", "GET", f"kv/{prefix}?recurse"),
        Request("write a key", "PUT", f"kv/{prefix}config/x", "x"),
        Request(
            "find its services", "GET", f'catalog/services?filter=ServiceName matches "^{services}"'
        ),
    ]


def _door(thief: Thief, of: str, request: Request) -> Door:
    knock = partial(_knock, thief, request)
    return Door(engine="consul", of=of, what=request.what, knock=knock)


def _knock(thief: Thief, request: Request) -> tuple[bool, str]:
    """Consul leaves out of a list what one may not see: an empty answer is a refusal."""
    answer = thief.http.request(
        request.method,
        f"{engine(thief.subnet, 'consul', 8500)}/v1/{request.path}",
        headers={"X-Consul-Token": thief.consul},
        json=request.body,
        timeout=TIMEOUT,
    )
    opened = answer.ok and answer.text.strip() not in ("", "[]", "{}", "null")
    return opened, f"HTTP {answer.status_code}"
