"""A canary's steps, each of them done and written down (ADR 34)."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bough import ledger, registry
from bough.release import deployment, judging, releases
from bough.release.deployment import Deployment
from bough_components.errors import BlockedError, BoughError
from bough_components.local import edge

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.pipeline.state import State
    from bough.release.canary import Canary
    from bough_components.local.home import Home

STARTED, SHARED, ENDED = "canary started", "canary shared", "canary ended"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A canary beside what a stage would serve `alone`, for who holds the stage's lock."""

    home: Home
    alone: Deployment
    canary: Canary
    report: Callable[[str], None]

    @property
    def both(self) -> Deployment:
        return replace(self.alone, canary=self.canary)

    def begin(self) -> None:
        """Have it run, for nobody yet; taken back when it does not."""
        began = time.monotonic()
        try:
            deployment.bring_about(self.home, self.both, self.report)
        except (BoughError, KeyboardInterrupt) as error:
            self._give_up((str(error) or "interrupted")[:2000])
            raise
        self.note(STARTED, began)

    def ask(self, state: State) -> None:
        """The stage's gates: without a PASS of each it is taken back. `state` is of before it."""
        known = releases.find(self.home, self.canary.release)
        verdicts = judging.judge(
            self.home,
            state,
            known,
            stage=self.alone.stage,
            previous=self.alone.release,
            report=self.report,
            headers=edge.PINNED,
        )
        if failed := judging.unpassed(verdicts):
            self.take_back("failed", "; ".join(failed))
            raise BlockedError(
                f"release {known.release.short} was taken back from {self.alone.stage} before any"
                " client came to it",
                failed,
                "mend that and push it",
            )

    def widened(self, share: float) -> Trial:
        """With another share of the clients: at the edge at once, then as `pulumi up` has it."""
        began = time.monotonic()
        wider = replace(self, canary=replace(self.canary, share=share))
        edge.set_share(self.home, self.alone.slug, share)
        wider.both.remember(self.home)
        deployment.bring_about(self.home, wider.both, self.report)
        wider.note(SHARED, began)
        return wider

    def take_back(self, result: str, why: str) -> None:
        """No client from now on, whatever comes of the rest; then no instance."""
        began = time.monotonic()
        edge.stop_canary(self.home, self.alone.slug)
        replace(self.alone, canary=replace(self.canary, share=0)).remember(self.home)
        deployment.bring_about(self.home, self.alone, self.report)
        self.note(ENDED, began, result=result, why=why)

    def note(self, event: str, began: float, **more: str) -> None:
        """Write it down; `began` is the time of `time.monotonic`."""
        about: dict[str, Any] = {
            "application": self.alone.application,
            "environment": self.alone.slug,
            "stage": self.alone.stage,
            "schema": self.alone.schema,
            "seconds": round(time.monotonic() - began, 1),
        }
        ledger.record(self.home, event, **about, **self.canary.facts, **more)

    def _give_up(self, why: str) -> None:
        """What went wrong first is what must be heard of. The record knows whose databases there
        are by now."""
        record = registry.find(self.home, self.alone.slug)
        alone = replace(Deployment.of(record), canary=None) if record else self.alone
        try:
            replace(self, alone=alone).take_back("failed", why)
        except BoughError as error:
            again = f"`bough canary stop {self.alone.stage}` tries again"
            self.report(f"the canary could not be taken back, {again}: {error}")
