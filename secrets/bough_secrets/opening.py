"""Putting a database together: its address, its first account, and what keeps both going."""

from __future__ import annotations

from bough_secrets.account import locate, read_account
from bough_secrets.agent import Agent
from bough_secrets.background import Background
from bough_secrets.errors import BoughSecretsError
from bough_secrets.generation import Generation
from bough_secrets.identity import Identity
from bough_secrets.lease import renew
from bough_secrets.retry import patiently
from bough_secrets.rotation import Rotation
from bough_secrets.settings import Timing
from bough_secrets.vault import Vault

TEST_TIMEOUT = 10.0  # seconds


def open_database(
    vault: Vault, agent: Agent, background: Background, timing: Timing, *,
    identity: Identity, need: str, max_size: int, warm: bool,
) -> Rotation:  # fmt: skip
    """Return a working database's rotation. Raises MissingError, DeniedError, UnreachableError."""
    rotation: Rotation | None = None

    def refused(user: str) -> None:
        if rotation:
            rotation.suspect(user)

    def make() -> Generation:
        location = locate(agent, identity, need)
        account = read_account(vault, identity, need)
        generation = Generation(
            account, location, name=identity.instance, max_size=max_size, refused=refused,
            warm=warm,
        )  # fmt: skip
        try:
            generation.open(TEST_TIMEOUT)
        except BoughSecretsError:
            _give_back(vault, generation, timing)
            raise
        return generation

    rotation = patiently(timing.patience)(Rotation, vault, background, timing, need, make)
    return rotation


def _give_back(vault: Vault, generation: Generation, timing: Timing) -> None:
    try:
        renew(vault, generation.account.lease, timing.linger)
    except BoughSecretsError:
        return
