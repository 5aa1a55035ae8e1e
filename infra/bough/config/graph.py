"""Whether the names that `stages` mentions exist, and whether a release can get to each of them."""

from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from bough.config.mentions import mapping, mentioned, unknown
from bough.config.problems import path
from bough.config.stages import BRANCH, upstreams

RESERVED_STAGES = frozenset({"all", "any", "bough", BRANCH, "platform", "preview"})


def broken_stages(
    stages: Mapping[str, Mapping[str, Any]], services: Collection[str], gates: Collection[str]
) -> Iterator[str]:
    sources = upstreams(stages)
    for name, stage in stages.items():
        place = ("stages", name)
        if name in RESERVED_STAGES:
            yield f"{path(place)}: the name is reserved; choose another"
        yield from mentioned((*place, "from"), "stage", stage.get("from"), [BRANCH, *stages])
        if stage.get("branches") is not None and BRANCH not in sources[name]:
            where = path((*place, "branches"))
            yield f"{where}: is only for `from: [{BRANCH}]`; add it there, or remove this line"
        yield from mentioned((*place, "gates"), "gate", stage.get("gates"), gates)
        for service in mapping(stage.get("replicas")):
            yield from unknown((*place, "replicas", service), "service", service, services)
    real = [name for name in stages if name != BRANCH]
    yield from _cycle({name: [each for each in sources[name] if each in real] for name in real})


def _cycle(sources: Mapping[str, list[str]]) -> Iterator[str]:
    try:
        TopologicalSorter(sources).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        yield f"stages: {circle} is a circle: no release gets in; change the `from` of one of them"
