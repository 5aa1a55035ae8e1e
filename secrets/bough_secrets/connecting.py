"""The way in."""

from __future__ import annotations

import sys

from bough_secrets.errors import BoughSecretsError
from bough_secrets.identity import here
from bough_secrets.login import log_in
from bough_secrets.session import Session
from bough_secrets.settings import Addresses, Timing
from bough_secrets.store import Store


def connect(
    addresses: Addresses | None = None, *, timing: Timing | None = None, instance: str | None = None
) -> Session:
    """Log this instance in, resume after a crash, or ask bough for another credential.

    The arguments are for tests; the defaults are the run-time contract's. `instance` stands in
    for the host name.
    Raises LoginError, InterceptionError, ConfigurationError, UnreachableError.
    """
    addresses, timing = addresses or Addresses(), timing or Timing()
    store = Store(addresses.directory)
    login = log_in(addresses.vault, store, here(instance), timing)
    return Session(login, store, addresses, timing)


def connect_or_exit(
    addresses: Addresses | None = None, *, timing: Timing | None = None, instance: str | None = None
) -> Session:
    """Do as `connect`; on failure print one line and exit.

    Exit code 78 when the credential may have been intercepted, otherwise 77.
    """
    try:
        return connect(addresses, timing=timing, instance=instance)
    except BoughSecretsError as error:
        print(f"bough: {error}", file=sys.stderr, flush=True)
        code = error.exit_code
    sys.exit(code)
