"""Static secrets in Vault: an environment's own, the template set that new ones start from, and
those that an application's notices are sent with.

Only these last are ever read by bough. Of the others names, versions and times come back from here;
a value goes in, or from one store to another.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.errors import NotFoundError, RefusedError
from bough_components.local.clients import http, vault_address, vault_client
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props
from bough_components.local.vault_space import delete_secret, ensure_kv, write_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ALPHABETS = {"letters": string.ascii_letters + string.digits, "hex": "0123456789abcdef"}


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a secret; `created` in ISO 8601, UTC."""

    number: int
    created: str


class StaticSecretsProvider(Ensured):
    """Inputs: platform, slug, application, secrets (name to how its value is made; nothing where
    bough makes none).

    A secret that has a value keeps it: what a person typed is never overwritten by an update.
    """

    replacing = frozenset({"slug"})

    def identity(self, props: Props) -> str:
        return f"{names.vault_kv(props['slug'])}/secrets"

    def ensure(self, props: Props) -> Props:
        home = Home.current()
        known = listed(home, names.vault_kv(props["slug"]))
        absent = {name: how for name, how in props["secrets"].items() if name not in known}
        filled = [name for name, how in absent.items() if _fill(home, props, name, how)]
        _require_all(props, sorted(set(absent) - set(filled)))
        return {}

    def present(self, props: Props) -> bool:
        known = listed(Home.current(), names.vault_kv(props["slug"]))
        return known.issuperset(props["secrets"])


class StaticSecrets(LocalResource, name="StaticSecrets"):
    provider = StaticSecretsProvider


def _fill(home: Home, props: Props, name: str, how: Props) -> bool:
    store = names.vault_kv(props["slug"])
    if how:
        write(home, store, name, {"value": generated(how["length"], how["characters"])})
        return True
    values = _read(vault_client(home), names.vault_templates(props["application"]), name)
    if values:
        write(home, store, name, values)
    return bool(values)


def _require_all(props: Props, missing: Iterable[str]) -> None:
    if missing := list(missing):
        first = missing[0]
        raise RefusedError(
            f"no value is known for {', '.join(missing)} of {props['application']}",
            f"give every new environment one with `bough secrets set {first} --template`, or only"
            f" this one with `bough secrets set {first} {props['slug']}`, then deploy again",
        )


def generated(length: int, characters: str) -> str:
    """A random text of so many "letters" (with digits) or "hex" digits."""
    alphabet = _ALPHABETS[characters]
    return "".join(secrets.choice(alphabet) for _ in range(length))


def write(home: Home, store: str, name: str, values: Mapping[str, str]) -> None:
    """Write a new version of a secret; `store` is a KV mount."""
    write_secret(vault_client(home), store, names.static_secret(name), dict(values))


def write_shared(home: Home, store: str, name: str, values: Mapping[str, str]) -> None:
    """Write into a store that is the application's, and made with its first secret."""
    ensure_kv(vault_client(home), store)
    write(home, store, name, values)


def for_notices(home: Home, application: str, name: str) -> dict[str, str] | None:
    """The fields of a secret that notices are sent with; None while nobody set it."""
    return _read(vault_client(home), names.vault_notices(application), name)


def listed(home: Home, store: str) -> set[str]:
    """Names of the secrets in a store; empty where there is none."""
    answer = _answer(vault_client(home), "list", f"{store}/metadata/secrets")
    return set(answer["data"]["keys"]) if answer else set()


def versions(home: Home, store: str, name: str) -> list[Version]:
    """Every version that was not destroyed, oldest first; `NotFoundError` for an unknown name."""
    answer = _answer(vault_client(home), "get", f"{store}/metadata/{names.static_secret(name)}")
    if answer is None:
        known = ", ".join(sorted(listed(home, store))) or "none"
        raise NotFoundError(f"there is no secret {name!r}; there are: {known}", "mind the spelling")
    found = answer["data"]["versions"].items()
    return [
        Version(number=int(number), created=facts["created_time"])
        for number, facts in sorted(found, key=lambda entry: int(entry[0]))
        if not facts["destroyed"]
    ]


def copy(home: Home, name: str, source: str, target: str) -> None:
    """Copy a secret's newest version between environments."""
    values = _read(_copier(home), names.vault_kv(source), name)
    if values is None:
        raise NotFoundError(f"{source} has no secret {name!r}", f"see `bough secrets ls {source}`")
    write(home, names.vault_kv(target), name, values)


def restore(home: Home, slug: str, name: str, version: int) -> None:
    """Write a version that an environment's secret had before as its newest one."""
    values = _read(_copier(home), names.vault_kv(slug), name, version)
    if values is None:
        raise NotFoundError(
            f"{slug} has no version {version} of secret {name!r} any more",
            f"see `bough secrets versions {name} {slug}`",
        )
    write(home, names.vault_kv(slug), name, values)


def _copier(home: Home) -> Any:
    """Vault, with a login made for one copy: the operator's own may not read secrets."""
    import hvac

    answer = vault_client(home).adapter.post("/v1/auth/operator/role/copier/secret-id", json={})
    login = {"role_id": "copier", "secret_id": answer["data"]["secret_id"]}
    copier = hvac.Client(url=vault_address(home), token="", timeout=30, session=http())
    copier.auth.approle.login(**login, mount_point="operator")
    return copier


def remove(home: Home, store: str, name: str) -> None:
    """Delete a secret with all its versions."""
    versions(home, store, name)
    delete_secret(vault_client(home), store, names.static_secret(name))


def _read(client: Any, store: str, name: str, version: int = 0) -> dict[str, str] | None:
    """What is in a version of a secret; 0 is the newest."""
    path = f"{store}/data/{names.static_secret(name)}"
    answer = _answer(client, "get", f"{path}?version={version}")
    return dict(answer["data"]["data"]) if answer and answer["data"]["data"] else None


def _answer(client: Any, method: str, path: str) -> dict[str, Any] | None:
    """Vault's answer; None where there is nothing, or no store yet, which Vault says with a 403."""
    from hvac.exceptions import Forbidden, InvalidPath

    try:
        answer: dict[str, Any] = getattr(client.adapter, method)(f"/v1/{path}")
    except (InvalidPath, Forbidden):
        return None
    return answer
