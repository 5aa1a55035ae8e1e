"""What an environment has in Vault: a KV store, an AppRole mount, and for each service a policy
and a role that log in from the environment's network alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bough_policies

from bough_components import names
from bough_components.local.clients import vault_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    from collections.abc import Collection

    import hvac

SECRET_ID_TTL = "10m"  # noqa: S105
WRAP_TTL = "120s"


class VaultSpaceProvider(Ensured):
    """Inputs: platform, slug, subnet (CIDR), services (each with the `needs` that it uses and the
    `secrets` that it reads)."""

    replacing = frozenset({"slug"})

    def identity(self, props: Props) -> str:
        return names.vault_prefix(props["slug"])

    def ensure(self, props: Props) -> Props:
        client, slug = vault_client(Home.current()), props["slug"]
        ensure_kv(client, names.vault_kv(slug))
        ensure_mount(client, f"sys/auth/{names.vault_auth(slug)}", "approle")
        for service, uses in props["services"].items():
            _allow(client, slug, service, uses)
            _role(client, slug, service, props["subnet"], Home.current().settings.lease)
        return {}

    def remove(self, props: Props) -> None:
        remove_space(vault_client(Home.current()), props["slug"])


class VaultSpace(LocalResource, name="VaultSpace"):
    provider = VaultSpaceProvider


def ensure_kv(client: hvac.Client, mount: str) -> None:
    """Have a KV store with versions at `mount`."""
    ensure_mount(client, f"sys/mounts/{mount}", "kv", options={"version": "2"})


def ensure_mount(client: hvac.Client, path: str, kind: str, **extra: Any) -> None:
    """Mount an engine, or a way to log in, of Vault's; one that is there stays."""
    from hvac.exceptions import InvalidRequest

    try:
        client.adapter.post(f"/v1/{path}", json={"type": kind, **extra})
    except InvalidRequest as error:
        if "path is already in use" not in str(error):
            raise


def _allow(client: hvac.Client, slug: str, service: str, uses: dict[str, list[str]]) -> None:
    rules = bough_policies.render("service.hcl.j2", slug=slug, service=service, **uses)
    client.sys.create_or_update_acl_policy(names.vault_policy(slug, service), rules)


def _role(client: hvac.Client, slug: str, service: str, subnet: str, period: int) -> None:
    role = f"/v1/auth/{names.vault_auth(slug)}/role/{service}"
    settings = {
        "token_policies": [names.vault_policy(slug, service)],
        "token_no_default_policy": True,
        "token_type": "service",
        "token_period": period,
        "token_bound_cidrs": [subnet],
        "secret_id_bound_cidrs": [subnet],
        "secret_id_num_uses": 1,
        "secret_id_ttl": SECRET_ID_TTL,
    }
    client.adapter.post(role, json=settings)
    role_id = names.vault_role_id(slug, service)
    client.adapter.post(f"{role}/role-id", json={"role_id": role_id})


def existing_services(client: hvac.Client, slug: str) -> set[str]:
    """Services that have a policy in Vault, whatever is declared."""
    prefix = names.vault_policy_prefix(slug)
    policies = client.sys.list_acl_policies()["data"]["keys"]
    return {name.removeprefix(prefix) for name in policies if name.startswith(prefix)}


def prune(client: hvac.Client, slug: str, services: Collection[str]) -> None:
    """Forget services that are none of these: nobody logs in as one of them any more."""
    for service in existing_services(client, slug) - set(services):
        _forget(client, slug, service)


def _forget(client: hvac.Client, slug: str, service: str) -> None:
    client.sys.delete_acl_policy(names.vault_policy(slug, service))
    client.adapter.delete(f"/v1/auth/{names.vault_auth(slug)}/role/{service}")


def remove_space(client: hvac.Client, slug: str) -> None:
    """Revoke every login of the environment, then its mounts and policies."""
    client.adapter.delete(f"/v1/sys/auth/{names.vault_auth(slug)}")
    client.adapter.delete(f"/v1/sys/mounts/{names.vault_kv(slug)}")
    for service in existing_services(client, slug):
        client.sys.delete_acl_policy(names.vault_policy(slug, service))


def wrapped_secret_id(client: hvac.Client, slug: str, service: str) -> str:
    """A single-use wrapping token for one secret-id; nobody but its reader sees what it wraps."""
    answer = client.adapter.post(
        f"/v1/auth/{names.vault_auth(slug)}/role/{service}/secret-id", json={}, wrap_ttl=WRAP_TTL
    )
    token: str = answer["wrap_info"]["token"]
    return token


def write_secret(client: hvac.Client, mount: str, path: str, values: dict[str, str]) -> None:
    """Write a new version of a secret into a KV store."""
    from hvac.exceptions import InvalidPath, InvalidRequest
    from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

    # a new KV v2 mount refuses writes for a moment while it prepares itself
    patiently = Retrying(
        retry=retry_if_exception_type((InvalidRequest, InvalidPath)),
        stop=stop_after_delay(10),
        wait=wait_fixed(0.05),
        reraise=True,
    )
    url = f"/v1/{mount}/data/{path}"
    patiently(client.adapter.post, url, json={"data": values})


def delete_secret(client: hvac.Client, mount: str, path: str) -> None:
    """Delete a secret with all its versions; nothing there is success."""
    client.adapter.delete(f"/v1/{mount}/metadata/{path}")
