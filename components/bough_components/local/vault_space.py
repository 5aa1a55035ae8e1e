"""What an environment has in Vault: a KV store, an AppRole mount, and for each service a policy
and a role that log in from the environment's network alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local import logins
from bough_components.local.clients import vault_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    from collections.abc import Collection

    import hvac


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
        period = Home.current().settings.lease
        services, subnet = props["services"], props["subnet"]
        logins.declare(client, slug, services, subnet=subnet, period=period)
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


def existing_services(client: hvac.Client, slug: str) -> set[str]:
    """Services that have a policy in Vault, whatever is declared."""
    prefix = names.vault_policy_prefix(slug)
    policies = client.sys.list_acl_policies()["data"]["keys"]
    return {name.removeprefix(prefix) for name in policies if name.startswith(prefix)}


def prune(client: hvac.Client, slug: str, services: Collection[str]) -> None:
    """Forget services that are none of these: nobody logs in as one of them any more."""
    for service in existing_services(client, slug) - set(services):
        logins.forget(client, slug, service)


def remove_space(client: hvac.Client, slug: str) -> None:
    """Revoke every login of the environment, then its mounts and policies."""
    client.adapter.delete(f"/v1/sys/auth/{names.vault_auth(slug)}")
    client.adapter.delete(f"/v1/sys/mounts/{names.vault_kv(slug)}")
    for service in existing_services(client, slug):
        client.sys.delete_acl_policy(names.vault_policy(slug, service))


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
