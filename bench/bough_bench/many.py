"""Many environments on one platform: does the last cost what the first did?"""

import time
from dataclasses import dataclass

import docker

from bough_bench import memory
from bough_bench.application import Application
from bough_bench.console import say
from bough_bench.plain import Pulumi
from bough_bench.samples import Samples
from bough_bench.sandbox import run_bough
from bough_components.local.home import Home

ENDS = 5
SETTLING_SECONDS = 5.0
ROOM_MB = 2048.0


@dataclass(frozen=True, kw_only=True)
class Many:
    """Environments one after the other. They are minutes apart, on a machine that may have got
    busier meanwhile: at both ends each is divided by a bare `pulumi up` right before it."""

    home: Home
    application: Application
    bare: Pulumi

    def create(self, count: int, samples: Samples) -> None:
        """Create `count`, or as many as there is memory for; the first, the last, the memory."""
        engine, platform, made, before = docker.from_env(), self.home.settings.name, 0, 0.0
        ends = min(ENDS, count // 2)
        while made < count and memory.available() > ROOM_MB:
            made += 1
            self._one(made, count, ends, samples)
            if made == 1:
                before = _shared(engine, platform)
        _keep_memory(engine, platform, made, before, samples)

    def _one(self, number: int, count: int, ends: int, samples: Samples) -> None:
        branch, end = f"many-{number}", _end(number, count, ends)
        self.application.point(branch, 0)
        if not end:
            say(f"environment {number} of {count}")
            run_bough(self.home, self.application.folder, "up", branch)
            return
        name, gauge = f"many: {end} environments", f"many: bare pulumi up beside the {end}"
        samples.time(gauge, lambda: self.bare.up("bare"))
        samples.time(name, lambda: run_bough(self.home, self.application.folder, "up", branch))
        quotient = samples.values[name][-1] / samples.values[gauge][-1]
        samples.keep(f"many: {end} environments, in bare pulumi ups", quotient)


def _end(number: int, count: int, ends: int) -> str:
    if number <= ends:
        return "first"
    return "last" if number > count - ends else ""


def _keep_memory(
    engine: docker.DockerClient, platform: str, count: int, before: float, samples: Samples
) -> None:
    after = _shared(engine, platform)
    instances = memory.containers(engine, platform, "instance")
    more = (after - before) / max(count - 1, 1)
    samples.keep("memory: one more environment, beyond its instances", more)
    samples.keep("memory: one instance", memory.resident(instances) / len(instances))
    shims = memory.shims(instances) / len(instances)
    samples.keep("memory: the engine's shim of one instance", shims)


def _shared(engine: docker.DockerClient, platform: str) -> float:
    time.sleep(SETTLING_SECONDS)
    return memory.resident(memory.containers(engine, platform, "shared"))
