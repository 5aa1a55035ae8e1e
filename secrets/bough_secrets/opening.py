"""Putting a need together: its address, its first account, and what keeps both going."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough_secrets.account import (
    MARIADB,
    POSTGRES,
    RABBITMQ,
    Account,
    Kind,
    Location,
    locate,
    read_account,
)
from bough_secrets.agent import Agent
from bough_secrets.background import Background
from bough_secrets.errors import BoughSecretsError
from bough_secrets.extras import require_queues
from bough_secrets.identity import Identity
from bough_secrets.lease import renew
from bough_secrets.retry import patiently
from bough_secrets.rotation import Held, Made, Rotation
from bough_secrets.settings import Timing
from bough_secrets.vault import Vault

if TYPE_CHECKING:
    from bough_secrets.database import Database
    from bough_secrets.generation import Generation
    from bough_secrets.mariadb import MariaDB, MariaDBGeneration
    from bough_secrets.queue import Queue

TEST_TIMEOUT = 10.0  # seconds

Refused = Callable[[str], None]


def open_database(
    vault: Vault, agent: Agent, background: Background, timing: Timing, *,
    identity: Identity, need: str, max_size: int, warm: bool,
) -> Rotation[Database]:  # fmt: skip
    """Return a working database's rotation. Raises MissingError, DeniedError, UnreachableError."""

    def make(account: Account, location: Location, refused: Refused) -> Generation:
        from bough_secrets.generation import Generation

        generation = Generation(
            account, location, name=identity.instance, max_size=max_size, refused=refused,
            warm=warm,
        )  # fmt: skip
        generation.open(TEST_TIMEOUT)
        return generation

    def hold(first: Generation, hurry: Callable[[], None]) -> Database:
        from bough_secrets.database import Database

        return Database(first, hurry)

    opening = Opening(vault, agent, background, timing, identity, need)
    return opening.rotation(POSTGRES, make, hold, _load_database)


def _load_database() -> None:
    """Import psycopg, which takes longer than Vault takes to make an account.

    Not before: a service that has none of a kind needs no library for it.
    """
    import bough_secrets.database
    import bough_secrets.generation  # noqa: F401


def open_mariadb(
    vault: Vault, agent: Agent, background: Background, timing: Timing, *,
    identity: Identity, need: str,
) -> Rotation[MariaDB]:  # fmt: skip
    """Return a working database's rotation. Raises MissingError, DeniedError, UnreachableError."""
    from bough_secrets.mariadb import MariaDB, MariaDBGeneration

    def make(account: Account, location: Location, refused: Refused) -> MariaDBGeneration:
        generation = MariaDBGeneration(account, location, name=identity.instance, refused=refused)
        generation.open()
        return generation

    opening = Opening(vault, agent, background, timing, identity, need)
    return opening.rotation(MARIADB, make, MariaDB)


def open_queue(
    vault: Vault, agent: Agent, background: Background, timing: Timing, *,
    identity: Identity, need: str,
) -> Rotation[Queue]:  # fmt: skip
    """Return a working queue's rotation. Raises MissingError, DeniedError, UnreachableError."""
    require_queues()
    from bough_secrets.queue import Queue
    from bough_secrets.queue_generation import QueueGeneration

    def make(account: Account, location: Location, refused: Refused) -> QueueGeneration:
        generation = QueueGeneration(
            account, location, queue=need, name=identity.instance, refused=refused
        )
        generation.open()
        return generation

    opening = Opening(vault, agent, background, timing, identity, need)
    return opening.rotation(RABBITMQ, make, Queue)


@dataclass(frozen=True)
class Opening:
    """One need that is being opened."""

    vault: Vault
    agent: Agent
    background: Background
    timing: Timing
    identity: Identity
    need: str

    def rotation(
        self, kind: Kind, make: Callable[[Account, Location, Refused], Made],
        hold: Callable[[Made, Callable[[], None]], Held], load: Callable[[], None] = lambda: None,
    ) -> Rotation[Held]:  # fmt: skip
        """What keeps the account alive from here on, of what `hold` makes of the first one.

        `load` is done while Vault makes an account.
        """
        rotation: Rotation[Held] | None = None

        def refused(user: str) -> None:
            if rotation:
                rotation.suspect(user)

        def made() -> Made:
            location = locate(self.agent, self.identity, self.need, kind)
            with ThreadPoolExecutor(1) as beside:
                asked = beside.submit(read_account, self.vault, self.identity, self.need)
                load()
            account = asked.result()
            try:
                return make(account, location, refused)
            except BoughSecretsError:
                self._give_back(account)
                raise

        begin = patiently(self.timing.patience)
        rotation = begin(
            Rotation, self.vault, self.background, self.timing,
            need=self.need, make=made, hold=hold,
        )  # fmt: skip
        return rotation

    def _give_back(self, account: Account) -> None:
        try:
            renew(self.vault, account.lease, self.timing.linger)
        except BoughSecretsError:
            return
