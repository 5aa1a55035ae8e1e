"""How the services of an environment log in to Vault: a policy and an AppRole for each.

A secret-id is used once and lives ten minutes; what was minted and not used may be revoked.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import bough_policies

from bough_components import names
from bough_components.errors import UnhealthyError
from bough_components.local.clients import http

if TYPE_CHECKING:
    from collections.abc import Mapping

    import hvac

SECRET_ID_TTL = "10m"  # noqa: S105
WRAP_TTL = "120s"


def declare(
    client: hvac.Client, slug: str, services: Mapping[str, Any], *, subnet: str, period: int
) -> None:
    """Write policy and role of each service as they ought to be, whatever became of them.

    `services` with what each uses, `subnet` the one that they log in from (CIDR), `period` the
    seconds that a login lives.
    """
    for service, uses in services.items():
        rules = bough_policies.render("service.hcl.j2", slug=slug, service=service, **uses)
        client.sys.create_or_update_acl_policy(names.vault_policy(slug, service), rules)
        role = _role(slug, service)
        settings = _settings(names.vault_policy(slug, service), subnet, period)
        client.adapter.post(role, json=settings)
        role_id = names.vault_role_id(slug, service)
        client.adapter.post(f"{role}/role-id", json={"role_id": role_id})


def forget(client: hvac.Client, slug: str, service: str) -> None:
    """Let nobody log in as a service any more."""
    client.sys.delete_acl_policy(names.vault_policy(slug, service))
    client.adapter.delete(_role(slug, service))


def wrapped_secret_id(client: hvac.Client, slug: str, service: str) -> str:
    """A single-use wrapping token for one secret-id; nobody but its reader sees what it wraps."""
    answer = client.adapter.post(f"{_role(slug, service)}/secret-id", json={}, wrap_ttl=WRAP_TTL)
    token: str = answer["wrap_info"]["token"]
    return token


def revoke_unused(client: hvac.Client, slug: str, service: str) -> int:
    """Make every secret-id worthless that was minted so far and not used; how many those were.

    A wrapping token that still holds one holds nothing of use then. Raises `UnhealthyError` when
    Vault keeps one all the same.
    """
    from hvac.exceptions import VaultError

    found = _unused(client, slug, service)
    for accessor in found:
        # somebody may have used it meanwhile
        with suppress(VaultError):
            body = {"secret_id_accessor": accessor}
            client.adapter.post(f"{_role(slug, service)}/secret-id-accessor/destroy", json=body)
    if found and found & _unused(client, slug, service):
        raise UnhealthyError(
            f"Vault keeps secret-ids of {service} of {slug} that it was told to revoke",
            hint="see its log: `docker logs` of its container; rotating again does no harm",
        )
    return len(found)


def _unused(client: hvac.Client, slug: str, service: str) -> set[str]:
    """Accessors. Vault holds lists to the rule that nothing leaves that path but wrapped."""
    import hvac
    from hvac.exceptions import InvalidPath

    try:
        answer = client.adapter.list(f"{_role(slug, service)}/secret-id", wrap_ttl=WRAP_TTL)
        wrapped = hvac.Client(url=client.url, token=answer["wrap_info"]["token"], session=http())
        found = wrapped.sys.unwrap()
    except InvalidPath:
        return set()
    return set(found["data"].get("keys", ()))


def _settings(policy: str, subnet: str, period: int) -> dict[str, Any]:
    """All that matters for security, defaults too: what was changed by hand is so mended."""
    return {
        "bind_secret_id": True,
        "secret_id_bound_cidrs": [subnet],
        "secret_id_num_uses": 1,
        "secret_id_ttl": SECRET_ID_TTL,
        "token_bound_cidrs": [subnet],
        "token_policies": [policy],
        "token_no_default_policy": True,
        "token_type": "service",
        "token_period": period,
        "token_ttl": 0,
        "token_max_ttl": 0,
        "token_explicit_max_ttl": 0,
        "token_num_uses": 0,
    }


def _role(slug: str, service: str) -> str:
    return f"/v1/auth/{names.vault_auth(slug)}/role/{service}"
