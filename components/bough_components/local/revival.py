"""Instances that a reboot or a stopped engine left down: found by label, started again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import containers, instances, looking

if TYPE_CHECKING:
    from bough_components.local.home import Home


def fallen(home: Home, slug: str | None = None) -> list[instances.Wanted]:
    """Instances of one environment, or of any, that should run and do not."""
    wanted = {names.LABEL_PLATFORM: home.settings.name, names.LABEL_ROLE: "instance"}
    wanted |= {names.LABEL_ENVIRONMENT: slug} if slug else {}
    return [
        instances.Wanted.from_labels(found["Labels"])
        for found in looking.labelled(wanted)
        if not _lives(home, found["State"], found["Labels"])
    ]


def revive(home: Home, instance: instances.Wanted) -> None:
    """Make an instance anew, with a new credential, where it was: its route leads there.

    Raises `UnhealthyError` when it is not ready.
    """
    found = containers.find(instance.container)
    address = instances.address_of(found) if found else None
    containers.remove(instance.container)
    instances.start(home, instance, address)


def _lives(home: Home, state: str, labels: dict[str, str]) -> bool:
    """Whether an instance runs, or can when Docker starts it again: it must be able to log in."""
    folder = home.instance_memory(labels[names.LABEL_ENVIRONMENT], labels[names.LABEL_INSTANCE])
    if state == "running":
        return folder.exists()
    return state == "restarting" and any(folder.glob("*"))
