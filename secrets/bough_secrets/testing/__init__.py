"""A small real Vault, Consul and PostgreSQL in one process, for tests without engines.

They speak the few routes of the run-time contract over real sockets; nothing is patched.
"""

from bough_secrets.testing.keeper import Keeper
from bough_secrets.testing.platform import Platform

__all__ = ["Keeper", "Platform"]
