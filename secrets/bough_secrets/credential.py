"""From one single-use credential to a logged-in instance.

The steps follow Vault's documentation on response wrapping ("Response wrapping token
validation"): look up, compare the creation path, unwrap, use.
"""

from __future__ import annotations

from dataclasses import dataclass

from bough_secrets.clock import now
from bough_secrets.errors import (
    DeniedError,
    InterceptionError,
    LoginError,
    MissingError,
    RefusedError,
)
from bough_secrets.identity import Identity, Place
from bough_secrets.lease import Lease
from bough_secrets.retry import patiently
from bough_secrets.sensitive import Sensitive
from bough_secrets.store import Delivery
from bough_secrets.vault import Vault

REJECTED = (RefusedError, DeniedError, MissingError)


@dataclass(frozen=True)
class Login:
    """A logged-in instance, its Vault token, and how long that lives."""

    identity: Identity
    token: Sensitive
    lease: Lease


def exchange(address: str, delivery: Delivery, place: Place, patience: float) -> Login:
    """Turn the wrapped credential into a login.

    Raises InterceptionError when the wrapping token was used, expired, or made elsewhere, or for
    another service than an Identity's;
    LoginError when Vault refuses the credential inside; UnreachableError after `patience` s.
    """
    service = patiently(patience)(looked_up, address, delivery, place)
    secret_id = patiently(patience)(unwrapped, address, delivery.wrapped)
    return patiently(patience)(logged_in, address, secret_id, place, service)


def looked_up(address: str, delivery: Delivery, place: Place) -> str:
    """Return the service that the wrapping token was made for, without using it up.

    One that is gone counts as intercepted even when it lay longer than it lives: Vault answers
    the same to one that nobody used and to one that a thief used before it ended.
    """
    try:
        answer = Vault(address).write("sys/wrapping/lookup", token=delivery.wrapped.reveal())
    except REJECTED:
        answer = {}
    if not answer:
        raise InterceptionError(
            "the wrapping token is no longer valid: it was used by somebody else, or it expired "
            f"(it lay unread for {delivery.unread:.0f} s)"
        )
    creation_path = str(answer["data"]["creation_path"])
    service = place.service_of(creation_path)
    if service is None:
        raise InterceptionError(
            f"the wrapping token was made at {creation_path!r}, "
            f"not for this service at {place.auth_mount!r}"
        )
    return service


def unwrapped(address: str, wrapped: Sensitive) -> Sensitive:
    """Use the wrapping token up; return the secret-id that was inside."""
    try:
        answer = Vault(address, wrapped).write("sys/wrapping/unwrap")
    except REJECTED:
        answer = {}
    if not answer:
        raise InterceptionError("the wrapping token was used between our look-up and our unwrap")
    return Sensitive(answer["data"]["secret_id"])


def logged_in(address: str, secret_id: Sensitive, place: Place, service: str) -> Login:
    """Log in as the service with AppRole."""
    role_id = f"{place.environment}.{service}"
    asked = now()
    try:
        answer = Vault(address).write(
            f"{place.auth_mount}/login", role_id=role_id, secret_id=secret_id.reveal()
        )
    except REJECTED as error:
        raise LoginError(
            f"Vault refused to log in {role_id!r}: {error.happened}",
            "Check that the environment's role exists and is bound to this network; then deploy "
            "this service again",
        ) from None
    auth = answer["auth"]
    lease = Lease.granted("token", auth["lease_duration"], asked=asked)
    identity = Identity(place.environment, place.instance, service)
    return Login(identity, Sensitive(auth["client_token"]), lease)
