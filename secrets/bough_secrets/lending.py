"""An account for connections that another program opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from bough_secrets.background import Background
from bough_secrets.sensitive import Sensitive

PROBE = 30.0  # seconds


@dataclass(frozen=True)
class Access:
    """All that it takes to connect; it belongs together."""

    scheme: str
    user: str
    password: Sensitive
    host: str
    port: int
    database: str

    @property
    def url(self) -> Sensitive:
        """`postgresql://user:password@host:port/database`, `mysql://…`, or `amqp://…/vhost`"""
        user, password = quote(self.user, ""), quote(self.password.reveal(), "")
        at = f"{self.host}:{self.port}/{quote(self.database, '')}"
        return Sensitive(f"{self.scheme}://{user}:{password}@{at}")


class Lent(Protocol):
    """An account that counts how many use it."""

    @property
    def access(self) -> Access: ...
    def hold(self) -> None: ...
    def release(self) -> None: ...


class Lender(Protocol):
    """A need whose account changes."""

    @property
    def generation(self) -> Lent: ...
    def rotate(self) -> None: ...
    def follow(self, follower: Callable[[], object]) -> None: ...
    def probe(self) -> None: ...


class Lending:
    """The account to use at this moment; may be read from any thread.

    Nobody can say when the other program has closed its last connection: a replaced account
    counts as in use for `drain` seconds. `changed` is called after each rotation, on the
    session's own thread: return at once.
    """

    def __init__(
        self, need: Lender, background: Background, drain: float, changed: Callable[[], None]
    ) -> None:
        self._need = need
        self._background = background
        self._drain = drain
        self._changed = changed
        self._lent = need.generation
        self._lent.hold()
        need.follow(self._follow)
        background.schedule(self._probe, PROBE)

    @property
    def access(self) -> Access:
        """The account of this moment, and where it is good."""
        return self._lent.access

    def rotate(self) -> None:
        """Ask for a new account now; returns at once."""
        self._need.rotate()

    def _probe(self) -> float:
        """Connect as the other program does: an account that was taken away is replaced then."""
        self._need.probe()
        return PROBE

    def _follow(self) -> None:
        old, self._lent = self._lent, self._need.generation
        self._lent.hold()
        self._background.schedule(Return(old), self._drain)
        self._changed()


class Return:
    """A background task: from here on the other program uses the account no more."""

    def __init__(self, lent: Lent) -> None:
        self._lent = lent

    def __call__(self) -> None:
        self._lent.release()
