"""What goes on without a command: promoting what stages take by themselves once nothing speaks
against it, and asking people for what lacks nothing but their approval."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bough import ledger, platform
from bough.keeper.patience import Patience
from bough_components.errors import BoughError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.pipeline.awaiting import Wanted
    from bough_components.local.home import Home

log = logging.getLogger("bough.keeper")

REST = 60.0
"""Seconds after which an unchanged ledger is looked at again: soak times end, windows open."""


@dataclass
class Promotions:
    """The duty, with what it remembers between two looks; `clock` gives seconds."""

    home: Home
    clock: Callable[[], float]
    _patience: Patience = field(default_factory=Patience)
    _seen: str | None = None
    _looked: float | None = None

    def look(self) -> None:
        if not platform.is_up(self.home) or not self._due():
            return
        from bough.pipeline import automatic, awaiting, stages

        try:
            states = stages.states(self.home)
        except BoughError as error:
            log.warning("what is to be promoted is not known: %s", error)
            return
        now = datetime.now(UTC)
        for application, state in states.items():
            for wanted in awaiting.wanted(state, now):
                self._ask(application, wanted)
        # after all that is asked: each may take minutes
        for application, state in states.items():
            for release, stage in automatic.promotions(state, datetime.now(UTC)):
                thing = (application, stage, release.id)
                if self._patience.allows(thing, self.clock()):
                    self._patience.tried(thing, self.clock())
                    self._promote(application, stage, release.id)

    def _due(self) -> bool:
        """Whether anything may have come of itself since the last look."""
        newest, now = ledger.newest(self.home), self.clock()
        rested = self._looked is None or now - self._looked >= REST
        if newest == self._seen and not rested:
            return False
        self._seen, self._looked = newest, now
        return newest is not None

    def _ask(self, application: str, wanted: Wanted) -> None:
        release, stage = wanted.release, wanted.stage
        about = {"application": application, "stage": stage, "release": release.id}
        facts = {"given": wanted.given, "wanted": wanted.wanted, "may": wanted.may}
        ledger.record_once(self.home, "approval wanted", about, commit=release.commit, **facts)
        log.info("release %s of %s waits for approval for %s", release.short, application, stage)

    def _promote(self, application: str, stage: str, release: str) -> None:
        """In a process of its own, which goes on when the keeper is replaced."""
        words = ["promote", stage, release, "--application", application]
        done = subprocess.run(
            [sys.executable, "-m", "bough", *words],
            cwd="/",
            env={**os.environ, "BOUGH_HOME": str(self.home.root)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            check=False,
        )
        what = f"release {release[:12]} of {application} to {stage}"
        if done.returncode:
            log.warning("%s: %s", what, done.stderr.strip()[-2000:])
        else:
            log.info("promoted %s", what)
