"""Logging in: with what was delivered, what an earlier life kept, or what is asked for."""

from __future__ import annotations

import contextlib
import time

from bough_secrets.clock import now
from bough_secrets.credential import Login, exchange
from bough_secrets.errors import (
    ConfigurationError,
    DeniedError,
    InterceptionError,
    LoginError,
    RefusedError,
)
from bough_secrets.events import tell
from bough_secrets.identity import Identity, Place
from bough_secrets.lease import Lease
from bough_secrets.retry import patiently
from bough_secrets.settings import Timing
from bough_secrets.store import Delivery, Store
from bough_secrets.vault import Vault

POLL = 0.1  # seconds between two looks for a delivery


def log_in(address: str, store: Store, place: Place, timing: Timing) -> Login:
    """Use the delivered credential, else the kept token, else ask for another credential.

    Raises InterceptionError while an incident stands, LoginError when nothing is delivered within
    `timing.reissue`; see `credential.exchange` for the rest.
    """
    if (what := store.incident()) is not None:
        raise InterceptionError(what)
    if delivery := store.take_delivery():
        return admit(address, store, place, timing, delivery)
    try:
        return resume(address, store, place, timing)
    except LoginError as error:
        reason = error.happened
    delivery = asked_for(store, reason, timing.reissue)
    return admit(address, store, place, timing, delivery)


def resume(address: str, store: Store, place: Place, timing: Timing) -> Login:
    """Go on with the token that was kept before a crash. Raises LoginError when there is none."""
    token, asked = store.load(), now()
    if token is None:
        raise LoginError(f"There is no credential, and no token was kept in {store.token}", ASK)
    try:
        answer = patiently(timing.patience)(Vault(address, token).read, "auth/token/lookup-self")
    except (DeniedError, RefusedError):
        answer = {}
    data = answer.get("data", {})
    if data.get("path") != f"{place.auth_mount}/login":
        raise LoginError(
            f"The token kept in {store.token} is no longer valid for {place.environment!r}", ASK
        )
    identity = Identity(place.environment, place.instance, data["meta"]["role_name"])
    full = data.get("period") or data["creation_ttl"]
    return Login(identity, token, Lease.granted("token", data["ttl"], asked=asked, full=full))


ASK = "Run `bough platform up` on the host: it gives an instance that asks a new credential"


def asked_for(store: Store, reason: str, patience: float) -> Delivery:
    """Ask bough for a credential and wait for it. Raises LoginError after `patience` seconds."""
    store.ask(reason)
    tell("identity.wanted", reason=reason)
    deadline = now() + patience
    while (delivery := store.take_delivery()) is None:
        if now() > deadline:
            store.withdraw()
            raise LoginError(f"{reason}; asked for one, none came within {patience:.0f} s", ASK)
        time.sleep(POLL)
    return delivery


def admit(address: str, store: Store, place: Place, timing: Timing, delivery: Delivery) -> Login:
    """Log in with a delivery and keep the token; a suspicion is written down for the next life."""
    try:
        login = exchange(address, delivery, place, timing.patience)
    except InterceptionError as error:
        with contextlib.suppress(ConfigurationError):
            store.report(error.what)
        tell("identity.incident", error)
        raise
    store.save(login.token)
    return login
