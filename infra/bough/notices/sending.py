"""The outbox of a platform: its ledger, its Vault, its disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bough import ledger
from bough.notices.asking import Asking
from bough.notices.due import ENTRIES
from bough.notices.errors import UnreadyError
from bough.notices.journal import Journal
from bough.notices.outbox import Outbox
from bough_components.errors import BoughError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bough_components.local.home import Home


@dataclass(frozen=True)
class PlatformLedger:
    """Raises `UnavailableError` while the ledger is away: then nothing is sent."""

    home: Home

    def entries(self) -> Iterator[Mapping[str, Any]]:
        return ledger.events(self.home, *ENTRIES)

    def record(self, event: str, **facts: Any) -> None:
        ledger.record(self.home, event, **facts)


@dataclass
class Watch:
    """Whether there may be something to send, asked of this machine's disk alone: the ledger is
    read only when it has changed, or a try is due."""

    home: Home
    _seen: str | None = ""

    def look(self, now: float) -> None:
        """Send what is due; `now` in seconds since 1970. Raises `UnavailableError` while the
        ledger is away."""
        newest = ledger.newest(self.home)
        tries = Journal.of(self.home).read().values()
        if newest == self._seen and all(each.waits(now) for each in tries):
            return
        outbox(self.home).look()
        # as it was before: what was added meanwhile is looked at next
        self._seen = newest


def outbox(home: Home, asking: Asking | None = None) -> Outbox:
    def secret(application: str, name: str) -> Mapping[str, str]:
        return _secret(home, application, name)

    return Outbox(PlatformLedger(home), Journal.of(home), secret, asking or Asking())


def _secret(home: Home, application: str, name: str) -> Mapping[str, str]:
    from bough_components.local import static_secrets
    from bough_components.local.clients import engine_errors

    try:
        with engine_errors():
            found = static_secrets.for_notices(home, application, name)
    except BoughError as error:
        raise UnreadyError(error.message) from None
    if not found:
        raise UnreadyError(f"nobody set its secret yet: `bough secrets set {name} --notice`")
    return found
