"""What an application holds while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bough_secrets.account import MARIADB, Kind, kind_of
from bough_secrets.agent import Agent
from bough_secrets.background import Background
from bough_secrets.clock import now
from bough_secrets.config import Callback, Config
from bough_secrets.credential import Login
from bough_secrets.discovery import Address, Discovery
from bough_secrets.errors import BoughSecretsError
from bough_secrets.events import tell
from bough_secrets.opening import open_database, open_queue
from bough_secrets.orders import Orders
from bough_secrets.own_vault import OwnVault
from bough_secrets.relogin import Relogin
from bough_secrets.retry import patiently
from bough_secrets.secret import Secret, read_secret
from bough_secrets.sensitive import Sensitive
from bough_secrets.settings import Addresses, Timing
from bough_secrets.status import Status, Troubles
from bough_secrets.store import Store
from bough_secrets.token import TokenKeeper

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bough_secrets.database import Database
    from bough_secrets.lending import Lender, Lending
    from bough_secrets.mariadb import MariaDB
    from bough_secrets.queue import Queue
    from bough_secrets.rotation import Rotation

TELLING = 1.0  # seconds between two notes of how a session is


class Session:
    """A logged-in instance; may be used from any thread. Close it, or use it with `with`."""

    def __init__(self, login: Login, store: Store, addresses: Addresses, timing: Timing) -> None:
        self.identity = login.identity
        self._timing = timing
        self._store = store
        self._vault = OwnVault(addresses.vault, login.token)
        self._agent = Agent(addresses.consul, self._consul_token)
        self._discovery = Discovery(self._agent, self.identity, timing.patience)
        self._config: Config | None = None
        self._orders: Orders | None = None
        self._databases: dict[str, Rotation[Database]] = {}
        self._mariadbs: dict[str, Rotation[MariaDB]] = {}
        self._engines: dict[str, Engine] = {}
        self._queues: dict[str, Rotation[Queue]] = {}
        self._lendings: dict[tuple[str, str], Lending] = {}
        self._secrets: dict[str, tuple[int, float]] = {}
        self._lock = threading.RLock()
        self._closed = False
        self._background, troubles = Background(), Troubles()
        relogin = Relogin(
            self._background, store, addresses.vault,
            identity=login.identity, timing=timing, troubles=troubles,
        )  # fmt: skip
        self._keeper = TokenKeeper(
            self._background, self._vault, login.lease, relogin,
            troubles=troubles, regained=self._regained,
        )  # fmt: skip

        self._background.schedule(self._tell, 0)

    @property
    def environment(self) -> str:
        """The environment's slug."""
        return self.identity.environment

    @property
    def instance(self) -> str:
        """This instance's name, e.g. `web-1-4fz0a1`."""
        return self.identity.instance

    @property
    def valid(self) -> bool:
        """False once closed, and while there is no identity: readiness should fail then."""
        return not (self._closed or self._keeper.lost)

    def database(self, need: str, *, max_size: int = 4) -> Database:
        """Open a needed PostgreSQL database; the same object for the same name.

        Raises MissingError, DeniedError, UnreachableError.
        """
        return self.open_database(need, max_size, warm=True)

    def engine(self, need: str, *, max_size: int = 4, echo: bool = False) -> Engine:
        """Return a SQLAlchemy engine on a needed database of either kind, the same object for the
        same name; each connection is of the account of that moment. It needs the extra
        `sqlalchemy`, and `mariadb` for MariaDB.

        Raises MissingError, DeniedError, UnreachableError.
        """
        from bough_secrets.engine import engine

        with self._lock:
            if need not in self._engines:
                database = self._open(need, max_size, warm=True)
                self._engines[need] = engine(database, max_size, echo)
            return self._engines[need]

    def open_database(self, need: str, max_size: int, *, warm: bool) -> Database:
        """Do as `database`; keep no connection open while none is in use, unless `warm`."""
        with self._lock:
            self._follow_orders()
            if need not in self._databases:
                self._databases[need] = open_database(
                    self._vault, self._agent, self._background, self._timing,
                    identity=self.identity, need=need, max_size=max_size, warm=warm,
                )  # fmt: skip
            return self._databases[need].held

    def _open(self, need: str, max_size: int, *, warm: bool) -> Database | MariaDB:
        """Open a needed database, whichever kind it is of."""
        with self._lock:
            if need in self._mariadbs:
                return self._mariadbs[need].held
            if need in self._databases or self._kind(need) is not MARIADB:
                return self.open_database(need, max_size, warm=warm)
            from bough_secrets.opening import open_mariadb

            self._follow_orders()
            self._mariadbs[need] = open_mariadb(
                self._vault, self._agent, self._background, self._timing,
                identity=self.identity, need=need,
            )  # fmt: skip
            return self._mariadbs[need].held

    def queue(self, need: str) -> Queue:
        """Open a needed queue; the same object for the same name. It needs the extra `queue`.

        Raises MissingError, DeniedError, UnreachableError, ConfigurationError without the extra.
        """
        with self._lock:
            self._follow_orders()
            if need not in self._queues:
                self._queues[need] = open_queue(
                    self._vault, self._agent, self._background, self._timing,
                    identity=self.identity, need=need,
                )  # fmt: skip
            return self._queues[need].held

    def account(self, need: str, changed: Callable[[], None] = lambda: None) -> Lending:
        """Return the account of a needed database, for connections that you open yourself.

        `changed` is called after each rotation; the account before works for `Timing.drain` more
        seconds. The same object for the same name. Raises as `database` does.
        """
        return self._lend("database", need, partial(self._open, need, 1, warm=False), changed)

    def queue_account(self, need: str, changed: Callable[[], None] = lambda: None) -> Lending:
        """Return the account of a needed queue; as `account` for the rest, and as `queue`."""
        return self._lend("queue", need, partial(self.queue, need), changed)

    def rotate(self, reason: str = "the application asked for it") -> None:
        """Ask for new accounts, all of them, now; returns at once."""
        for rotation in self._rotations():
            rotation.hurry(reason)

    def secret(self, name: str) -> Secret:
        """Read a static secret now. Raises MissingError, DeniedError, UnreachableError."""
        path = self.identity.secret_path(name)
        secret = patiently(self._timing.patience)(read_secret, self._vault, path, name)
        self._secrets[name] = (secret.version, now())
        return secret

    @property
    def config(self) -> Config:
        """The settings of this environment, its stage and its application, at every moment.

        The first use waits for Consul. Raises DeniedError, UnreachableError.
        """
        config = self._config or self._open_config()
        config.wait(self._timing.patience)
        return config

    def on_config_change(self, callback: Callback) -> None:
        """Call `callback` with the names of the settings that changed, after each change."""
        self.config.on_change(callback)

    def service(self, name: str, *, avoid: Collection[Address] = ()) -> Address:
        """Return the address of a healthy instance, each in its turn.

        Name in `avoid` those that just failed you: they are given only when there are no others.
        Raises MissingError, UnreachableError.
        """
        return self._discovery.find(name, avoid)

    def services(self, name: str) -> list[Address]:
        """Return the addresses of all healthy instances, sorted. Raises UnreachableError."""
        return self._discovery.all(name)

    def knows(self, service: str) -> bool:
        """Whether `service` answers without waiting."""
        return self._discovery.known(service)

    def survivable(self) -> float:
        """Seconds for which Vault may be away from now on without anything ending here.

        By a monotonic clock, from what is left of the token and of the accounts' leases.
        """
        if not self.valid:
            return 0.0
        left = [rotation.remaining() for rotation in self._rotations()]
        return min([self._keeper.remaining(), *left])

    def status(self) -> Status:
        """Return how this session is: plain data, without secrets."""
        return {
            "environment": self.environment,
            "service": self.identity.service,
            "instance": self.instance,
            "valid": self.valid,
            "survivable": self.survivable(),
            "token": self._keeper.status(),
            "databases": {need: one.status() for need, one in self._opened().items()},
            "queues": {need: one.status() for need, one in list(self._queues.items())},
            "secrets": {
                name: {"version": version, "age": now() - read}
                for name, (version, read) in list(self._secrets.items())
            },
        }

    def close(self) -> None:
        """Close databases and queues, revoke this identity. Never raises; may be repeated.

        Finish your work first: what is still in use is cut off.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._background.stop()
            if self._config:
                self._config.close()
            self._agent.close()
            for rotation in self._rotations():
                rotation.held.close()
            # Last, because it ends the accounts at once.
            if not self._keeper.lost:
                _tried("revoke the token", partial(self._vault.write, "auth/token/revoke-self"))
            self._store.forget()

    def _lend(
        self, kind: str, need: str, opened: Callable[[], Lender], changed: Callable[[], None]
    ) -> Lending:
        from bough_secrets.lending import Lending

        with self._lock:
            if (kind, need) not in self._lendings:
                drain = self._timing.drain
                self._lendings[kind, need] = Lending(opened(), self._background, drain, changed)
            return self._lendings[kind, need]

    def _tell(self) -> float:
        """A background task: writes down how this session is."""
        if not self._closed:
            self._store.tell(self.status())
        return TELLING

    def _rotations(self) -> list[Rotation[Any]]:
        return [*self._opened().values(), *self._queues.values()]

    def _opened(self) -> dict[str, Rotation[Any]]:
        """The databases that are open, of either kind."""
        return {**self._databases, **self._mariadbs}

    def _regained(self, left: float) -> None:
        for rotation in self._rotations():
            rotation.orphan(left)

    def _follow_orders(self) -> None:
        """Whoever has an account replaces it when `bough rotate` asks all instances to."""
        if self._orders is None:
            obey = partial(self.rotate, "the platform asked for it")
            self._orders = Orders(self._agent, self.identity.orders_key, obey)

    def _kind(self, need: str) -> Kind | None:
        return patiently(self._timing.patience)(kind_of, self._agent, self.identity, need)

    def _open_config(self) -> Config:
        with self._lock:
            if self._config is None:
                ask = patiently(self._timing.patience)
                about = ask(self._agent.document, self.identity.about_key) or {}
                self._config = Config(self._agent, self.identity.config_prefixes(about))
            return self._config

    def _consul_token(self) -> Sensitive:
        data = patiently(self._timing.patience)(self._vault.read, self.identity.consul_token_path)
        return Sensitive(data["data"]["data"]["consul_token"])

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def _tried(what: str, action: Callable[[], object]) -> None:
    try:
        action()
    except BoughSecretsError as error:
        tell("session.not-closed", error, action=what)
