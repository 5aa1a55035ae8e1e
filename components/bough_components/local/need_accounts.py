"""What the mounts for accounts have in common, whichever engine makes the accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.errors import RefusedError
from bough_components.local.vault_space import ensure_mount

if TYPE_CHECKING:
    from collections.abc import Collection

    import hvac

LEASES_AT_MOST = 24
"""How many times an account may be lent anew before it must be replaced."""

_ENGINES = {"postgres": "database", "mariadb": "database", "rabbitmq": "rabbitmq"}
"""Vault's engine for each kind of need."""
_KINDS = {"database": "postgres", "rabbitmq": "rabbitmq"}
"""What a mount without a description is for."""


def existing_needs(client: hvac.Client, slug: str) -> dict[str, str]:
    """Needs for which Vault makes accounts, whatever is declared, each with its kind."""
    prefix = names.vault_need(slug, "")
    mounts: dict[str, dict[str, Any]] = client.sys.list_mounted_secrets_engines()["data"]
    return {
        path[len(prefix) :].rstrip("/"): _kind(facts)
        for path, facts in sorted(mounts.items())
        if path.startswith(prefix)
    }


def ensure(client: hvac.Client, slug: str, need: str, kind: str) -> None:
    """Have a mount for a need's accounts, whose description says the kind: Vault's engine for
    databases serves more than one. `RefusedError` while the need is of another kind."""
    from hvac.exceptions import InvalidRequest

    path = f"sys/mounts/{names.vault_need(slug, need)}"
    try:
        found = _kind(client.adapter.get(f"/v1/{path}")["data"])
    except InvalidRequest:
        ensure_mount(client, path, _ENGINES[kind], description=kind)
        return
    if found != kind:
        raise RefusedError(
            f"the need {need} of {slug} is of kind {found}, and cannot become one of {kind}",
            "give the new one another name in bough.yaml",
        )


def _kind(facts: dict[str, Any]) -> str:
    return str(facts["description"] or _KINDS[facts["type"]])


def prune(client: hvac.Client, slug: str, need: str, services: Collection[str]) -> None:
    """Forget services that no longer use the need: nobody gets an account as one of them."""
    path = names.vault_need(slug, need)
    for service in existing_roles(client, slug, need) - set(services):
        client.adapter.delete(f"/v1/{path}/roles/{service}")


def existing_roles(client: hvac.Client, slug: str, need: str) -> set[str]:
    """Services that Vault makes accounts of a need for, whatever is declared."""
    from hvac.exceptions import InvalidPath

    try:
        path = f"/v1/{names.vault_need(slug, need)}/roles"
        return set(client.adapter.list(path)["data"]["keys"])
    except InvalidPath:
        return set()


def remove(client: hvac.Client, slug: str, need: str) -> None:
    """Revoke all accounts of a need, and wait for it, then make no more."""
    path = names.vault_need(slug, need)
    client.adapter.post(f"/v1/sys/leases/revoke-prefix/{path}", json={"sync": True})
    client.adapter.delete(f"/v1/sys/mounts/{path}")


def leases(client: hvac.Client, prefix: str) -> list[str]:
    """Paths of the live leases right below one, which ends in a slash; deeper levels end in one."""
    from hvac.exceptions import InvalidPath

    try:
        answer = client.adapter.list(f"/v1/sys/leases/lookup/{prefix}")
    except InvalidPath:
        return []
    return [f"{prefix}{key}" for key in answer["data"]["keys"]]
