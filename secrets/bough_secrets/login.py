"""Logging in: with the delivered credential, or with what an earlier life has kept."""

from __future__ import annotations

from bough_secrets.credential import Login, exchange
from bough_secrets.errors import DeniedError, LoginError, RefusedError
from bough_secrets.identity import Identity, Place
from bough_secrets.lease import Lease
from bough_secrets.retry import patiently
from bough_secrets.store import Store
from bough_secrets.vault import Vault


def log_in(address: str, store: Store, place: Place, patience: float) -> Login:
    """Use the wrapped credential if one was delivered, else resume; keep the token for a crash.

    Raises LoginError when there is neither; see `credential.exchange` for the rest.
    """
    wrapped = store.take_wrapped()
    if wrapped is None:
        return resume(address, store, place, patience)
    login = exchange(address, wrapped, place, patience)
    store.save(login.token)
    return login


def resume(address: str, store: Store, place: Place, patience: float) -> Login:
    """Go on with the token that was kept before a crash."""
    token = store.load()
    if token is None:
        raise LoginError(
            f"There is no credential in {store.wrapped} and none was kept in {store.token}",
            "Replace this instance: a credential is delivered once, when an instance is created",
        )
    try:
        answer = patiently(patience)(Vault(address, token).read, "auth/token/lookup-self")
    except (DeniedError, RefusedError):
        answer = {}
    data = answer.get("data", {})
    if data.get("path") != f"{place.auth_mount}/login":
        raise LoginError(
            f"The token kept in {store.token} is no longer valid for {place.environment!r}",
            "Replace this instance: it expired or was revoked while the instance was down",
        )
    identity = Identity(place.environment, place.instance, data["meta"]["role_name"])
    full = data.get("period") or data["creation_ttl"]
    return Login(identity, token, Lease.granted("token", data["ttl"], full=full))
