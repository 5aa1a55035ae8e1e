"""An environment's mounts, policy, role and credentials in Vault."""

import secrets
import time
from typing import Any

import bough_policies
import hvac
from hvac.exceptions import InvalidPath, InvalidRequest

from bough_bench.direct.wanted import NEED, SERVICE, Wanted
from bough_components import names

_CONNECTION = "postgresql://{{username}}:{{password}}@postgres.bough:5432/postgres?sslmode=disable"


def make_space(vault: hvac.Client, wanted: Wanted) -> None:
    """A KV store, an AppRole mount, a policy and a role bound to the environment's network."""
    slug = wanted.slug
    _post(vault, f"sys/mounts/{names.vault_kv(slug)}", type="kv", options={"version": "2"})
    _post(vault, f"sys/auth/{names.vault_auth(slug)}", type="approle")
    rules = bough_policies.render(
        "service.hcl.j2", slug=slug, service=SERVICE, needs=[NEED], secrets=[]
    )
    vault.sys.create_or_update_acl_policy(names.vault_policy(slug, SERVICE), rules)
    role = f"auth/{names.vault_auth(slug)}/role/{SERVICE}"
    _post(
        vault,
        role,
        token_policies=[names.vault_policy(slug, SERVICE)],
        token_no_default_policy=True,
        token_type="service",  # noqa: S106
        token_period=3600,
        token_bound_cidrs=[wanted.subnet],
        secret_id_bound_cidrs=[wanted.subnet],
        secret_id_num_uses=1,
        secret_id_ttl="10m",  # noqa: S106
    )
    _post(vault, f"{role}/role-id", role_id=names.vault_role_id(slug, SERVICE))


def make_accounts(vault: hvac.Client, wanted: Wanted, password: str) -> None:
    """Dynamic accounts of the database, made by an administrator whose password is `password`."""
    slug, mount = wanted.slug, names.vault_need(wanted.slug, NEED)
    _post(vault, f"sys/mounts/{mount}", type="database")
    _post(
        vault,
        f"{mount}/config/main",
        plugin_name="postgresql-database-plugin",
        connection_url=_CONNECTION,
        username=names.need_admin(slug, NEED),
        password=password,
        username_template=names.account_template(slug),
        password_authentication="scram-sha-256",  # noqa: S106
        allowed_roles=["*"],
        max_open_connections=2,
        max_idle_connections=-1,
    )
    _post(vault, f"{mount}/rotate-root/main")
    owner = names.database(slug, NEED)
    _post(
        vault,
        f"{mount}/roles/{SERVICE}",
        db_name="main",
        default_ttl="1h",
        max_ttl="24h",
        creation_statements=[
            "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'"
            f' IN ROLE "{owner}"',
            f"ALTER ROLE \"{{{{name}}}}\" SET role = '{owner}'",
        ],
        revocation_statements=[
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{{name}}'",
            'DROP ROLE IF EXISTS "{{name}}"',
        ],
    )


def make_credential(vault: hvac.Client, slug: str, instance: str, consul_token: str) -> str:
    """Leave the instance its Consul token; the one wrapped token that it starts with."""
    path = f"{names.vault_kv(slug)}/data/{names.instance_secret(SERVICE, instance)}"
    for _ in range(200):
        try:
            _post(vault, path, data={"consul_token": consul_token})
            break
        except (InvalidRequest, InvalidPath):
            time.sleep(0.05)  # a new KV mount refuses writes for a moment
    role = f"/v1/auth/{names.vault_auth(slug)}/role/{SERVICE}"
    answer = vault.adapter.post(f"{role}/secret-id", json={}, wrap_ttl="120s")
    return str(answer["wrap_info"]["token"])


def remove_credential(vault: hvac.Client, slug: str, instance: str) -> None:
    path = names.instance_secret(SERVICE, instance)
    vault.adapter.delete(f"/v1/{names.vault_kv(slug)}/metadata/{path}")


def remove_accounts(vault: hvac.Client, slug: str) -> None:
    """Revoke every account, and wait for it, before the mount that could do so goes."""
    mount = names.vault_need(slug, NEED)
    _post(vault, f"sys/leases/revoke-prefix/{mount}", sync=True)
    vault.adapter.delete(f"/v1/sys/mounts/{mount}")


def remove_space(vault: hvac.Client, slug: str) -> None:
    vault.adapter.delete(f"/v1/sys/auth/{names.vault_auth(slug)}")
    vault.adapter.delete(f"/v1/sys/mounts/{names.vault_kv(slug)}")
    vault.sys.delete_acl_policy(names.vault_policy(slug, SERVICE))


def new_password() -> str:
    return secrets.token_urlsafe(32)


def _post(vault: hvac.Client, path: str, **values: Any) -> None:
    vault.adapter.post(f"/v1/{path}", json=values)
