"""Secrets, configuration and neighbours for an application that runs in a bough environment.

>>> with bough_secrets.connect_or_exit() as session:  # doctest: +SKIP
...     notes = session.database("db")
...     with notes.connection() as connection:
...         connection.execute("SELECT 1")
"""

from bough_secrets.connecting import connect, connect_or_exit
from bough_secrets.discovery import Address
from bough_secrets.errors import (
    BoughSecretsError,
    ConfigurationError,
    DeniedError,
    InterceptionError,
    LoginError,
    MissingError,
    RefusedError,
    UnreachableError,
)
from bough_secrets.secret import Secret
from bough_secrets.sensitive import Sensitive
from bough_secrets.session import Session
from bough_secrets.settings import Addresses, Timing

__all__ = [
    "Address",
    "Addresses",
    "BoughSecretsError",
    "ConfigurationError",
    "DeniedError",
    "InterceptionError",
    "LoginError",
    "MissingError",
    "RefusedError",
    "Secret",
    "Sensitive",
    "Session",
    "Timing",
    "UnreachableError",
    "connect",
    "connect_or_exit",
]
