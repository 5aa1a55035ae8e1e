"""Bringing a branch's environment to a commit: the story of `bough up`."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bough import ledger, lock, pulumi_command, registry
from bough.descriptions import described

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.pulumi_command import Outcome
    from bough.source import Source
    from bough_components.local.home import Home
    from bough_components.spec import Environment


def up(home: Home, source: Source, report: Callable[[str], None]) -> Outcome:
    """Create or update the environment of `source`; its outputs hold `url`.

    What served before still serves when this raises.
    """
    spec = described(home, source)
    with lock.held(home, source.slug, f"up to {source.commit[:10]}", report):
        return up_locked(home, source, spec, report)


def up_locked(
    home: Home, source: Source, spec: Environment, report: Callable[[str], None]
) -> Outcome:
    """`up` for who holds the environment's lock already."""
    began = time.monotonic()
    # asked first: a claim begins an update, and nothing counts as served until it ends well
    served = registry.deployed(home, source.slug)
    registry.claim(home, source.slug, spec.application, source)
    with ThreadPoolExecutor(1) as pool:
        prepared = pool.submit(pulumi_command.prepare, home, source.slug)
        # what it serves was built, and Pulumi asks for the image again if it has to
        if served != source.commit:
            build(home, spec, report)
        prepared.result()
    outcome = pulumi_command.up(home, source.slug, source.tell(), report)
    record = registry.find(home, source.slug)
    ledger.record(
        home,
        "deployed",
        application=spec.application,
        environment=source.slug,
        branch=source.ref,
        commit=source.commit,
        release=record and record.release,
        changed=outcome.changed,
        seconds=round(time.monotonic() - began, 1),
    )
    return outcome


def build(home: Home, spec: Environment, report: Callable[[str], None]) -> None:
    """Build every image of the environment that no commit with the same tree built before."""
    from bough_components.local import builder

    builds = {str(service.build): service.build for service in spec.services if service.build}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: builder.ensure_image(home, each, report), builds.values()))
