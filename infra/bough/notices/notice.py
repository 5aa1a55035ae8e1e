"""What there is to tell: an entry of the ledger in the words of a notice. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

BRANCH = "branch"
"""What bough.yaml calls the environments of branches."""

WANTED = "approval wanted"

LONGEST_WHY = 500

_SAME = {
    "deployment failed": "deployment failed",
    "rejected": "promotion blocked",
    "held": "promotion blocked",
    "line stopped": "promotion blocked",
    "broke glass": "broke glass",
    WANTED: WANTED,
}

ENTRIES = ("deployed", "gate", *_SAME)
"""The ledger's words for what is told."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """`at` in ISO 8601, UTC; `seconds` that a deployment took; `release` and `commit` in full."""

    event: str
    at: str
    who: str
    application: str
    stage: str | None = None
    environment: str | None = None
    release: str | None = None
    commit: str | None = None
    branch: str | None = None
    why: str | None = None
    seconds: float | None = None

    @property
    def version(self) -> str:
        """What was deployed, by a name that is good anywhere: `notes@4fd2c1a09b7e`."""
        return f"{self.application}@{(self.release or self.commit or 'unknown')[:12]}"


def of_entry(entry: Mapping[str, Any]) -> Notice | None:
    """The notice that an entry is worth, or None."""
    event = _event(entry)
    if event is None or not isinstance(entry.get("application"), str):
        return None
    return Notice(
        event=event,
        at=entry["at"],
        who=entry["who"],
        application=entry["application"],
        stage=entry.get("stage") or (BRANCH if entry.get("environment") else None),
        environment=entry.get("environment"),
        release=entry.get("release"),
        commit=entry.get("commit"),
        branch=entry.get("branch"),
        why=_why(entry),
        seconds=entry.get("seconds"),
    )


def _event(entry: Mapping[str, Any]) -> str | None:
    word = entry.get("event")
    if word == "deployed":
        return "rolled back" if entry.get("rollback") else "deployed"
    if word == "gate":
        return None if entry.get("verdict") == "PASS" else "promotion blocked"
    # a rejection that is taken back blocks nothing
    return None if entry.get("withdrawn") else _SAME.get(str(word))


def _why(entry: Mapping[str, Any]) -> str | None:
    """One line, without what a terminal or a chat would obey. The lines after the first are often
    what an application logged: that is for its own people."""
    said = str(entry.get("why") or "").strip().partition("\n")[0].rstrip(":")
    found = [said] if said else []
    if entry.get("event") == WANTED:
        found = [_asked(entry)]
    elif entry.get("event") == "gate":
        found.insert(0, f"gate {entry.get('gate')}: {entry.get('verdict')}")
    elif entry.get("event") not in ("deployed", "deployment failed"):
        found.insert(0, str(entry.get("event")))
    text = " ".join("".join(filter(_plain, ": ".join(found))).split())
    return text[:LONGEST_WHY] or None


def _asked(entry: Mapping[str, Any]) -> str:
    """The command first: those who may run it can be many."""
    release = str(entry.get("release"))[:12]
    given = f"{entry.get('given')} of {entry.get('wanted')} people approved it"
    return f"{given}; `bough approve {release} {entry.get('stage')}`, by {entry.get('may')}"


def _plain(character: str) -> bool:
    return character.isprintable() or character.isspace()
