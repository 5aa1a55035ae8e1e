"""Telling what is to be told: the one place that sends, tries again, and gives up."""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from bough.notices.asking import Asking
from bough.notices.channels import CHANNELS, Channel
from bough.notices.due import GIVEN_UP, NOTICED, Delivery, outstanding, queues
from bough.notices.errors import UndeliveredError, UnreadyError
from bough.notices.journal import Journal, Tried
from bough.notices.patience import OLDEST, TRIES, UNREADY, pause
from bough.notices.secret import Access
from bough_components.errors import BoughError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_UNKNOWN = "whether it arrived is not known"

log = logging.getLogger("bough.notices")


class Ledger(Protocol):
    """The platform's record of what happened."""

    def entries(self) -> Iterable[Mapping[str, Any]]: ...

    def record(self, event: str, **facts: Any) -> None: ...


@dataclass
class Outbox:
    """`secret` gives the fields of an application's secret by name, `UnreadyError` without any;
    `clock` gives seconds since 1970, `chance` a number from 0 to 1."""

    ledger: Ledger
    journal: Journal
    secret: Callable[[str, str], Mapping[str, str]]
    asking: Asking = field(default_factory=Asking)
    clock: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random

    def look(self) -> None:
        """Try whatever is due, once. Killed at any point, nothing is lost: what has no outcome in
        the ledger is tried again."""
        deliveries = outstanding(self.ledger.entries())
        self.journal.keep({delivery.id for delivery in deliveries})
        for queue in queues(deliveries):
            for delivery in queue:
                # who was not reached with one thing is not asked for the next
                if not self._settle(delivery):
                    break

    def _settle(self, delivery: Delivery) -> bool:
        """Whether it is delivered, or given up."""
        tried, now = self.journal.read().get(delivery.id, Tried()), self.clock()
        happened = datetime.fromisoformat(delivery.notice.at)
        if datetime.fromtimestamp(now, UTC) - happened > OLDEST:
            return self._give_up(delivery, tried, f"{OLDEST.days} days passed; {tried.why}")
        if tried.waits(now):
            return False
        # only a keeper that ends in each try comes here with so many
        if tried.tries >= TRIES:
            return self._give_up(delivery, tried, tried.why)
        return self._try(delivery, tried)

    def _try(self, delivery: Delivery, tried: Tried) -> bool:
        to, begun = delivery.addressee, tried
        try:
            tell = _channel(to.kind)
            access = Access.of(to.kind, self.secret(to.application, to.secret))
            begun = self._note(delivery, tried.tries + 1, _UNKNOWN)
            _carefully(lambda: tell(self.asking, delivery, access, again=tried.tries > 0))
        except UnreadyError as error:
            return self._wait(delivery, tried.tries, error.message, UNREADY)
        except UndeliveredError as error:
            if error.lasting or begun.tries >= TRIES:
                return self._give_up(delivery, begun, error.message)
            return self._wait(delivery, begun.tries, error.message, error.after)
        self._record(NOTICED, delivery, tries=begun.tries)
        log.info("%s was told: %s", to, delivery.notice.event)
        return True

    def _wait(self, delivery: Delivery, tries: int, why: str, after: float | None) -> bool:
        tried = self._note(delivery, tries, why, after)
        pause = max(0.0, tried.next - self.clock())
        log.info("%s waits %.0f s for its notice: %s", delivery.addressee, pause, why)
        return False

    def _note(self, delivery: Delivery, tries: int, why: str, after: float | None = None) -> Tried:
        tried = Tried(tries, self.clock() + pause(tries, self.chance(), after), why)
        self.journal.write(delivery.id, tried)
        return tried

    def _give_up(self, delivery: Delivery, tried: Tried, why: str) -> bool:
        self._record(GIVEN_UP, delivery, tries=tried.tries, why=why)
        log.warning("%s was not told of what happened: %s", delivery.addressee, why)
        return True

    def _record(self, event: str, delivery: Delivery, **facts: Any) -> None:
        to, told = delivery.addressee, delivery.notice
        about = {"application": to.application, "environment": told.environment}
        whom = {"kind": to.kind, "secret": to.secret, "of": told.event, "happened": told.at}
        self.ledger.record(event, notice=delivery.id, **about, **whom, stage=told.stage, **facts)


def _channel(kind: str) -> Channel:
    if kind not in CHANNELS:
        raise UnreadyError(f"this bough does not know how to tell {kind}")
    return CHANNELS[kind]


def _carefully(tell: Callable[[], None]) -> None:
    """A bug of one channel's keeps no other from being told; its words may quote a secret."""
    try:
        tell()
    except BoughError:
        raise
    except Exception as error:
        raise UndeliveredError(f"bough failed to tell it ({type(error).__name__})") from None
