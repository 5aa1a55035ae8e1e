"""Entries of a ledger, for tests of what follows from them."""

from __future__ import annotations

from typing import Any

RELEASE = "4fd2c1a09b7e" + "0" * 52
COMMIT = "91ab33c0de" + "0" * 30
AT = "2026-11-21T12:00:00.000+00:00"

EVENTS = {
    "sentry": ["deployed", "rolled back"],
    "rollbar": ["deployed", "rolled back", "deployment failed"],
}
EVERY = [
    *("deployed", "rolled back", "deployment failed"),
    *("promotion blocked", "approval wanted", "broke glass"),
]


def words(kind: str, **more: Any) -> dict[str, Any]:
    """How bough.yaml names an addressee."""
    own = {"organization": "team", "projects": ["notes"]} if kind == "sentry" else {}
    events = EVENTS.get(kind, EVERY)
    return {"kind": kind, "secret": f"{kind}-1", "events": events, "stages": None, **own, **more}


def entry(event: str, at: str = AT, **facts: Any) -> dict[str, Any]:
    return {"at": at, "who": "ada", "event": event, "application": "notes", **facts}


def declared(*addressees: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return entry("pipeline declared", branch="main", notices=list(addressees), **facts)


def deployed(**facts: Any) -> dict[str, Any]:
    about = {"environment": "notes-production", "stage": "production", "seconds": 12.4}
    return entry("deployed", **{**about, "release": RELEASE, "commit": COMMIT, **facts})


def wanted(**facts: Any) -> dict[str, Any]:
    about = {"stage": "production", "release": RELEASE, "commit": COMMIT, "given": 0, "wanted": 2}
    return entry("approval wanted", **{**about, "may": "one of bo@x.org, cy@x.org", **facts})
