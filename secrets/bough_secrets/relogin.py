"""Getting a new identity while the application works."""

from __future__ import annotations

from collections.abc import Callable

from bough_secrets.background import Background
from bough_secrets.clock import now
from bough_secrets.credential import Login
from bough_secrets.errors import BoughSecretsError, InterceptionError
from bough_secrets.events import tell
from bough_secrets.identity import Identity
from bough_secrets.login import POLL, admit
from bough_secrets.retry import Backoff
from bough_secrets.settings import Timing
from bough_secrets.status import Troubles
from bough_secrets.store import Store

Adopt = Callable[[Login], None]


class Relogin:
    """A background task: asks for a credential, looks for it, logs in; never gives up.

    What was asked for is waited for and used, even if the old token does after all: a credential
    that nobody took would later look like a stolen one. Only a suspicion ends the asking.
    """

    def __init__(
        self, background: Background, store: Store, address: str, *, identity: Identity,
        timing: Timing, troubles: Troubles,
    ) -> None:  # fmt: skip
        self._background, self._store = background, store
        self._address, self._identity, self._timing = address, identity, timing
        self._troubles = troubles
        self._reason: str | None = None
        self._asked: float | None = None
        self._adopt: Adopt = lambda _login: None
        self._backoff = Backoff(longest=30)
        self._suspicious = False

    def begin(self, reason: str, adopt: Adopt) -> None:
        """Get a new identity and hand it to `adopt`; one at a time."""
        if self._reason is None and not self._suspicious:
            self._reason, self._adopt = reason, adopt
            self._background.schedule(self, 0)

    def __call__(self) -> float | None:
        if self._reason is None:
            return None
        try:
            login = self._step(self._reason)
        except InterceptionError as error:
            self._troubles.add(error)
            self._reason, self._suspicious = None, True
            return None
        except BoughSecretsError as error:
            return self._failed(error)
        if login is None:
            return POLL
        self._reason = self._asked = None
        self._backoff.reset()
        self._adopt(login)
        return None

    def _step(self, reason: str) -> Login | None:
        if delivery := self._store.take_delivery():
            return admit(self._address, self._store, self._identity, self._timing, delivery)
        waited = None if self._asked is None else now() - self._asked
        if waited is None or waited > self._timing.reissue:
            self._store.ask(reason)
            self._asked = now()
            if waited is None:
                tell("identity.wanted", reason=reason)
            else:
                tell("identity.late", seconds=waited)
        return None

    def _failed(self, error: BoughSecretsError) -> float:
        self._troubles.add(error)
        self._asked = None
        pause = self._backoff.pause()
        tell("identity.refused", error, pause=pause)
        return pause
