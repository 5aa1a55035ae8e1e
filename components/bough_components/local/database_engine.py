"""What Vault's engine for databases is told, whichever database it makes accounts of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local.need_accounts import LEASES_AT_MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    import hvac

_CONNECTION = "main"


def connected(client: hvac.Client, mount: str) -> bool:
    """Whether Vault has an account of its own in that database."""
    from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest

    try:
        client.adapter.get(f"/v1/{mount}/config/{_CONNECTION}")
    except (InvalidPath, InvalidRequest, Forbidden):
        return False
    return True


def connect(client: hvac.Client, slug: str, need: str, settings: dict[str, Any]) -> None:
    """Hand Vault an account of its own; it changes the password at once, so nobody knows it."""
    mount = names.vault_need(slug, need)
    facts = {
        "username": names.need_admin(slug, need),
        "username_template": names.account_template(slug),
        "allowed_roles": ["*"],
        "max_open_connections": 2,
        "max_idle_connections": -1,
        **settings,
    }
    client.adapter.post(f"/v1/{mount}/config/{_CONNECTION}", json=facts)
    rotate_root(client, mount)


def rotate_root(client: hvac.Client, mount: str) -> None:
    """Have Vault change the password of its own account."""
    client.adapter.post(f"/v1/{mount}/rotate-root/{_CONNECTION}")


def lend(
    client: hvac.Client, slug: str, need: str, service: str, lease: int,
    *, creation: Sequence[str], revocation: Sequence[str],
) -> None:  # fmt: skip
    """Have accounts made for a service, and ended, by these statements; `lease` in seconds."""
    settings = {
        "db_name": _CONNECTION,
        "default_ttl": lease,
        "max_ttl": LEASES_AT_MOST * lease,
        "creation_statements": creation,
        "revocation_statements": revocation,
    }
    client.adapter.post(f"/v1/{names.vault_need(slug, need)}/roles/{service}", json=settings)
