"""Every event that this library logs, to the logger `bough_secrets`.

A record has the event's stable name as `event`, and its fields beside it (`logging`'s `extra`);
the message says the same for people. `seconds` is a duration, `kind` the class of an error.
docs/events.md lists them all. No field ever holds a secret.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from logging import CRITICAL, ERROR, INFO, WARNING

log = logging.getLogger("bough_secrets")


@dataclass(frozen=True)
class Event:
    """How bad it is, a template of its fields, and whether a traceback helps."""

    level: int
    text: str
    trace: bool = False


EVENTS = {
    "identity.wanted": Event(WARNING, "a new credential was asked for: %(reason)s"),
    "identity.late": Event(
        WARNING, "no credential came in %(seconds).0f s; asked again, look at bough on the host"
    ),
    "identity.refused": Event(
        ERROR, "logging in anew failed, tried again in %(pause).1f s: %(error)s"
    ),
    "identity.incident": Event(
        CRITICAL, "%(error)s No other credential is asked for until it is deployed again."
    ),
    "identity.lost": Event(
        ERROR, "Vault knows this instance's token no longer; a new one is asked for: %(error)s"
    ),
    "identity.regained": Event(
        WARNING, "logged in anew; %(seconds).1f s without an identity; every account is replaced"
    ),
    "token.not-renewed": Event(
        WARNING,
        "token not renewed, good for %(seconds).0f s more, again in %(pause).1f s: %(error)s",
    ),
    "account.rotated": Event(
        INFO, "%(need)s: account %(old)s replaced by %(new)s in %(seconds).2f s: %(reason)s"
    ),
    "account.postponed": Event(
        WARNING,
        "%(need)s: account %(user)s kept, good for %(seconds).0f s more, again in %(pause).1f s: "
        "%(error)s",
    ),
    "account.cut": Event(
        WARNING,
        "%(need)s: %(connections)d connections of %(user)s are in use after %(seconds).0f s; "
        "they end within %(linger)d s",
    ),
    "account.retired": Event(INFO, "%(need)s: account %(user)s ends within %(seconds)d s"),
    "account.ended": Event(INFO, "%(need)s: account %(user)s has ended already: %(error)s"),
    "queue.interrupted": Event(
        WARNING, "%(need)s: no messages, looked for again in %(pause).1f s: %(error)s"
    ),
    "queue.not-settled": Event(INFO, "%(need)s: message %(id)s will come again: %(error)s"),
    "consul.stale": Event(WARNING, "%(what)s are %(seconds).0f s old and stand: %(error)s"),
    "consul.back": Event(INFO, "Consul says again what %(what)s are"),
    "consul.unreadable": Event(
        ERROR, "%(what)s could not be read; asked again in %(seconds).0f s", trace=True
    ),
    "config.changed": Event(INFO, "settings changed: %(names)s"),
    "config.left-out": Event(WARNING, "%(key)s is no UTF-8 text and is left out"),
    "config.callback-failed": Event(
        ERROR, "a callback for changed settings failed: %(names)s", trace=True
    ),
    "session.not-closed": Event(WARNING, "could not %(action)s: %(error)s"),
    "background.bug": Event(
        ERROR, "a background task failed; it is tried again in %(seconds).0f s", trace=True
    ),
}


def tell(event: str, error: Exception | None = None, /, **fields: object) -> None:
    """Log one event of EVENTS with its fields; an error gives `error` and `kind`."""
    if error is not None:
        fields |= {"error": str(error), "kind": type(error).__name__}
    found = EVENTS[event]
    log.log(
        found.level, found.text, *([fields] if fields else []),
        extra={"event": event, **fields}, exc_info=found.trace, stacklevel=2,
    )  # fmt: skip
