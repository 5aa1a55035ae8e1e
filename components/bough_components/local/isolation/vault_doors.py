"""Vault, tried with the token of a service."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local.isolation.thief import TIMEOUT, engine
from bough_components.local.isolation.verdicts import OWN, PLATFORM, Door

if TYPE_CHECKING:
    from bough_components.local.isolation.surroundings import Neighbour
    from bough_components.local.isolation.thief import Thief

_DENIED = frozenset({403})
_NO_LOGIN = frozenset({400, 403})


@dataclass(frozen=True)
class Request:
    """One call; anything but a status in `closed` counts as open: to be told that there is nothing
    at a path (404) takes the right to look."""

    what: str
    method: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    closed: frozenset[int] = _DENIED


def doors(thief: Thief, neighbours: dict[str, Neighbour]) -> list[Door]:
    address = engine(thief.subnet, "vault", 8200)
    return [
        *(_door(thief, address, OWN, request) for request in _own(thief)),
        *(_door(thief, address, PLATFORM, request) for request in _platform(thief)),
        *(
            _door(thief, address, slug, request)
            for slug, neighbour in neighbours.items()
            for request in _neighbours(slug, neighbour)
        ),
        *(
            _door(
                thief,
                engine(neighbour.subnet, "vault", 8200),
                slug,
                Request("its own token, used from there", "GET", "auth/token/lookup-self"),
            )
            for slug, neighbour in neighbours.items()
        ),
    ]


def _own(thief: Thief) -> list[Request]:
    renewals = [
        Request(f"renew its lease of {each.need}", "POST", "sys/leases/renew", _renewal(each.lease))
        for each in thief.accounts
    ]
    return [Request("look at its own token", "GET", "auth/token/lookup-self"), *renewals]


def _platform(thief: Thief) -> list[Request]:
    slug, service = thief.slug, thief.service
    own_login = f"auth/{names.vault_auth(slug)}/role/{service}/secret-id"
    operator = {"role_id": "bough", "secret_id": "guessed"}
    return [
        Request("list mounts", "GET", "sys/mounts"),
        Request("list logins", "GET", "sys/auth"),
        Request("list policies", "LIST", "sys/policies/acl"),
        Request("read its policy", "GET", f"sys/policies/acl/{names.vault_policy(slug, service)}"),
        Request("list leases", "LIST", "sys/leases/lookup"),
        Request("list audit devices", "GET", "sys/audit"),
        Request("list tokens", "LIST", "auth/token/accessors"),
        Request("make a token", "POST", "auth/token/create", {"ttl": "1s"}),
        Request("mint a login of its own", "POST", own_login),
        Request("list its secrets", "LIST", f"{names.vault_kv(slug)}/metadata/secrets"),
        Request("wrap something", "POST", "sys/wrapping/wrap", {"x": "y"}),
        Request("log in as the operator", "POST", "auth/operator/login", operator, _NO_LOGIN),
        Request("keep something", "POST", "cubbyhole/x", {"x": "y"}),
    ]


def _neighbours(slug: str, neighbour: Neighbour) -> list[Request]:
    kv, auth = names.vault_kv(slug), names.vault_auth(slug)
    return [
        Request("list its secrets", "LIST", f"{kv}/metadata/secrets"),
        Request("read a secret", "GET", f"{kv}/data/secrets/any"),
        Request("write a secret", "POST", f"{kv}/data/secrets/any", {"data": {"x": "y"}}),
        *(
            Request(f"read what {service} has", "LIST", f"{kv}/metadata/instances/{service}")
            for service in neighbour.services
        ),
        *(
            Request(f"mint a login of {service}", "POST", f"auth/{auth}/role/{service}/secret-id")
            for service in neighbour.services
        ),
        *(
            Request(
                f"log in as {service}",
                "POST",
                f"auth/{auth}/login",
                {"role_id": names.vault_role_id(slug, service), "secret_id": "guessed"},
                _NO_LOGIN,
            )
            for service in neighbour.services
        ),
        *(
            Request(
                f"log in as {service} by its name alone",
                "POST",
                f"auth/{auth}/login",
                {"role_id": names.vault_role_id(slug, service)},
                _NO_LOGIN,
            )
            for service in neighbour.services
        ),
        *(
            Request(
                f"an account of {need}", "GET", f"{names.vault_need(slug, need)}/creds/{service}"
            )
            for need in neighbour.needs
            for service in neighbour.services
        ),
        *(
            Request("renew a lease", "POST", "sys/leases/renew", _renewal(lease))
            for lease in neighbour.leases
        ),
    ]


def _renewal(lease: str) -> dict[str, Any]:
    return {"lease_id": lease, "increment": 3600}


def _door(thief: Thief, address: str, of: str, request: Request) -> Door:
    knock = partial(_knock, thief, address, request)
    return Door(engine="vault", of=of, what=request.what, knock=knock)


def _knock(thief: Thief, address: str, request: Request) -> tuple[bool, str]:
    answer = thief.http.request(
        request.method,
        f"{address}/v1/{request.path}",
        headers={"X-Vault-Token": thief.vault},
        json=request.body or None,
        timeout=TIMEOUT,
    )
    return answer.status_code not in request.closed, f"HTTP {answer.status_code}"
