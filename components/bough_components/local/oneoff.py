"""A program in an image, to its end, alone with itself: no network, no credential, nothing kept."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import containers, registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from docker.models.containers import Container

    from bough_components.local.home import Home

REPORTS = "BOUGH_REPORTS"
"""Environment variable with the folder, in memory, where the program may leave files."""

MEMORY = 1 << 30
"""Bytes, with what it leaves there."""

_FOLDER = "/run/reports"
_PLACE = "_gates"
"""Where the folders are; no environment can have that name."""


@contextmanager
def begun(home: Home, image: str, command: Sequence[str]) -> Iterator[tuple[Container, Path]]:
    """The program's container, started, and the folder where it leaves files; both go with the
    block. The image's entry point is left out: it may want to log in somewhere."""
    registry.ensure_pulled(home, image)
    unique = f"gate-{secrets.token_hex(4)}"
    reports = home.memory_folder(_PLACE, unique)
    containers.give(reports)
    plan = _plan(home, unique, image, command, reports)
    try:
        container = containers.create(plan)
        container.start()
        yield container, reports
    finally:
        # nobody waits for its last words: it has ended, or its time is up
        containers.remove(plan.name, stop_timeout=0)
        shutil.rmtree(reports, ignore_errors=True)


def _plan(
    home: Home, unique: str, image: str, command: Sequence[str], reports: Path
) -> containers.Plan:
    platform = home.settings.name
    return containers.Plan(
        name=names.platform_container(platform, unique),
        image=image,
        labels=names.platform_labels(platform, "gate"),
        network="none",
        hostname=unique,
        entrypoint=tuple(command[:1]),
        command=tuple(command[1:]),
        environment={REPORTS: _FOLDER, "HOME": "/tmp"},  # noqa: S108
        binds={str(reports): (_FOLDER, True)},
        memory=MEMORY,
        stop_timeout=1,
        restart=False,
    )
