"""Being the keeper: its duties, each at its own pace, until SIGTERM."""

from __future__ import annotations

import logging
import logging.handlers
import signal
import time
from typing import TYPE_CHECKING

from apscheduler.schedulers.blocking import BlockingScheduler

from bough.keeper.duties import Keeper
from bough.keeper.process import being
from bough.keeper.promotions import Promotions

if TYPE_CHECKING:
    from bough_components.local.home import Home

LOOK = 0.5
"""Seconds between two looks for instances that ask for a credential."""

RECORDS = 1.0
"""Seconds between two looks for entries that are not in the ledger yet."""

HEALTH = 10.0
"""Seconds between two looks at engines and instances."""

NOTICES = 5.0
"""Seconds between two looks for what somebody is to be told."""

PROMOTIONS = 5.0
"""Seconds between two looks for releases that go on without a person, or want one's approval."""

LEASES = 60.0
"""Seconds between two looks for leases that Vault has given up."""

SCHEDULE = 600.0
"""Seconds between two looks for credentials that are too old."""


def run(home: Home) -> None:
    """Do the duties until SIGTERM; nothing when another keeper of the platform does."""
    with being(home) as alone:
        if not alone:
            return
        _log_to(home)
        keeper = Keeper(home)
        settings = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler = BlockingScheduler(job_defaults=settings)
        scheduler.add_job(keeper.answer_instances, "interval", seconds=LOOK)
        scheduler.add_job(keeper.keep_records, "interval", seconds=RECORDS)
        scheduler.add_job(keeper.heal, "interval", seconds=HEALTH)
        scheduler.add_job(keeper.restart_lifeless, "interval", seconds=HEALTH)
        scheduler.add_job(keeper.tell, "interval", seconds=NOTICES)
        promotions = Promotions(home, time.monotonic)
        scheduler.add_job(promotions.look, "interval", seconds=PROMOTIONS)
        scheduler.add_job(keeper.end_leases, "interval", seconds=LEASES)
        scheduler.add_job(keeper.rotate, "interval", seconds=SCHEDULE)

        def end(*_: object) -> None:
            scheduler.shutdown(wait=False)

        def end_with_the_platform() -> None:
            if not home.exists:
                end()

        scheduler.add_job(end_with_the_platform, "interval", seconds=4 * LOOK)
        signal.signal(signal.SIGTERM, end)
        scheduler.start()


def _log_to(home: Home) -> None:
    handler = logging.handlers.RotatingFileHandler(
        home.folder("logs") / "keeper.log", maxBytes=1 << 20, backupCount=3
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
