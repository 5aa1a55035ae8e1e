"""Rotation on request: new credentials first, then the word to the instances, then the old ones go.

Instances rotate their accounts by themselves in time; this is for now, and for what only the
platform's side can replace.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bough import environments, ledger, secret_stores
from bough_components.errors import RefusedError, UnhealthyError
from bough_components.local import rotation, static_secrets, telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bough.secret_stores import Store
    from bough_components.local.home import Home

SECONDS = 60.0
"""How long instances may take to work with new accounts."""

_POLL = 0.1


@dataclass
class Rotated:
    """What a rotation of one environment replaced; `seconds` until all instances followed.

    `roots` are needs whose own password Vault changed, `roles` services whose way to log in was
    written again, `secret_ids` how many were minted for that, not used, and revoked.
    """

    environment: str
    roots: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    secret_ids: int = 0
    accounts: int = 0
    consul_tokens: int = 0
    secrets: list[str] = field(default_factory=list)
    seconds: float = 0.0


def rotate(home: Home, slug: str, report: Callable[[str], None]) -> Rotated:
    """Replace everything of an environment: Vault's own passwords, how services log in, the
    instances' Consul tokens and accounts, and each static secret that bough makes."""
    began, done = time.monotonic(), Rotated(slug)
    for need in rotation.needs(home, slug):
        report(f"{need}: Vault's own password")
        rotation.rotate_root(home, slug, need)
        done.roots.append(need)
    uses = secret_stores.served(home, environments.find(home, slug)).uses()
    done.roles, done.secret_ids = [*uses], rotation.renew_logins(home, slug, uses)
    report(f"{', '.join(uses)}: AppRole; {done.secret_ids} unused secret-ids revoked")
    store = secret_stores.of_environment(home, slug)
    done.secrets = _renew(home, store, _generated(store))
    tokens = rotation.renew_consul_tokens(home, slug)
    done.consul_tokens = len(tokens)
    report(f"asking {len(tokens)} instances to follow")
    before = telling.accounts(home, slug, tokens)
    rotation.ask_instances(home, slug)
    done.accounts = _wait_for_new(home, slug, before)
    rotation.drop_old_consul_tokens(home, slug, tokens)
    done.seconds = round(time.monotonic() - began, 3)
    _record(home, done)
    return done


def rotate_secret(home: Home, slug: str, name: str) -> Rotated:
    """Replace one static secret that bough makes."""
    began, store = time.monotonic(), secret_stores.of_environment(home, slug)
    secret_stores.require_declared(store, name)
    if name not in _generated(store):
        raise RefusedError(
            f"bough does not make {name} of {store.application}: nobody told it how",
            f"set it with `bough secrets set {name} {slug}`, or declare `generate` in bough.yaml",
        )
    done = Rotated(slug, secrets=_renew(home, store, [name]))
    done.seconds = round(time.monotonic() - began, 3)
    _record(home, done)
    return done


def _generated(store: Store) -> list[str]:
    return [name for name, secret in store.declared.items() if secret.generate]


def _renew(home: Home, store: Store, names: Iterable[str]) -> list[str]:
    for name in names:
        how = store.declared[name].generate
        if how:
            value = static_secrets.generated(how.length, how.characters)
            static_secrets.write(home, store.mount, name, {"value": value})
    return list(names)


def _wait_for_new(home: Home, slug: str, before: dict[tuple[str, str], str]) -> int:
    """Until every instance works as another user than before; how many accounts that are."""
    deadline = time.monotonic() + SECONDS
    while waiting := _same(home, slug, before):
        if time.monotonic() > deadline:
            raise UnhealthyError(
                f"after {SECONDS:.0f} s {', '.join(waiting)} of {slug} had not replaced their"
                " accounts; they work with what they have",
                hint=f"see `bough logs {slug}`; rotating again does no harm",
            )
        time.sleep(_POLL)
    return len(before)


def _same(home: Home, slug: str, before: dict[tuple[str, str], str]) -> list[str]:
    """Instances that still work as they did."""
    now = telling.accounts(home, slug, {instance for instance, _ in before})
    return sorted(
        {
            instance
            for instance, need in before
            if now.get((instance, need)) == before[instance, need]
        }
    )


def _record(home: Home, done: Rotated) -> None:
    facts = {key: value for key, value in vars(done).items() if key != "environment"}
    ledger.record(home, "rotated", environment=done.environment, **facts)
