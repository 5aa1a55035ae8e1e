"""One replica of a new release in the place of the same replica of the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import edge, instances, looking

if TYPE_CHECKING:
    from bough_components.local.home import Home

ALL_AT_ONCE, ONE_BY_ONE = "all-at-once", "one-by-one"


def take_over(home: Home, new: instances.Wanted, replica: int) -> None:
    """Give an instance that is ready the traffic of those before it, and end them."""
    mine = instances.server_of(new)
    for old in predecessors(home, new, replica):
        theirs = instances.server_of(old)
        if mine and theirs:
            edge.exchange(home, new.slug, theirs, mine)
        instances.remove(home, old)


def predecessors(home: Home, new: instances.Wanted, replica: int) -> list[instances.Wanted]:
    """Instances that are the same replica of the same service, without `new` itself."""
    labels = names.environment_labels(home.settings.name, new.slug, "instance")
    found = looking.labelled({**labels, names.LABEL_SERVICE: new.service})
    known = [instances.Wanted.from_labels(each["Labels"]) for each in found]
    prefix = names.replica_prefix(new.service, replica)
    return [
        each for each in known if each.instance.startswith(prefix) and each.instance != new.instance
    ]
