"""Writing bough.yaml's pipeline into the ledger, from whoever is trusted with it (ADR 29)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bough import ledger
from bough.branch import short
from bough.notices.declared import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bough.config import Application
    from bough.source import Source
    from bough_components.local.home import Home

DECLARED = "pipeline declared"


def declare(home: Home, source: Source) -> None:
    """Record what the source's bough.yaml declares, when that is new and its branch is trusted.

    Raises `UnavailableError` while the ledger is away.
    """
    application = source.application()
    about = {"application": application.application}
    *_, last = (None, *ledger.events(home, DECLARED, **about))
    if facts := follows(last, application, source.ref):
        place = {"branch": source.ref, "commit": source.commit}
        ledger.record(home, DECLARED, **about, **place, **facts)


def follows(
    last: Mapping[str, Any] | None, application: Application, branch: str
) -> dict[str, Any] | None:
    """The facts of the declaration that a branch's bough.yaml makes after the last one; None when
    it says nothing new, or the branch is not trusted.

    Trusted are the branches that the last declaration protects; all while it protects none.
    """
    protected = [short(branch) for branch in application.environments.protected]
    facts = {"notices": words(application), "protected": protected}
    if last is None:
        return facts if application.notices else None
    trusted = last.get("protected") or ()
    if trusted and short(branch) not in trusted:
        return None
    return facts if any(last.get(key) != value for key, value in facts.items()) else None
