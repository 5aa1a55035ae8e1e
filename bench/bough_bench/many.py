"""Many environments on one platform: does the last cost what the first did?"""

import time
from collections.abc import Callable

import docker

from bough_bench import memory
from bough_bench.application import Application
from bough_bench.console import say
from bough_bench.samples import Samples
from bough_bench.sandbox import run_bough
from bough_components.local.home import Home

ENDS = 5
SETTLING_SECONDS = 5.0
ROOM_MB = 2048.0


def create_many(home: Home, application: Application, count: int, samples: Samples) -> None:
    """Create `count` environments one after the other; the first five, the last five, the memory.

    Stops early when the machine runs out of memory.
    """
    engine, platform = docker.from_env(), home.settings.name
    before, made = 0.0, Samples()
    for number in range(1, count + 1):
        if memory.available() < ROOM_MB:
            say(f"no memory for more than {number - 1} environments")
            break
        made.time(f"environment {number} of {count}", _create(home, application, number))
        if number == 1:
            before = _shared(engine, platform)
    times = [values[0] for values in made.values.values()]
    ends = min(ENDS, len(times) // 2)
    samples.values["many: first environments"] = times[:ends]
    samples.values["many: last environments"] = times[-ends:]
    _keep_memory(engine, platform, len(times), before, samples)


def _create(home: Home, application: Application, number: int) -> Callable[[], object]:
    branch = f"many-{number}"
    application.point(branch, 0)
    return lambda: run_bough(home, application.folder, "up", branch)


def _keep_memory(
    engine: docker.DockerClient, platform: str, count: int, before: float, samples: Samples
) -> None:
    after = _shared(engine, platform)
    instances = memory.containers(engine, platform, "instance")
    more = (after - before) / (count - 1)
    samples.keep("memory: one more environment, beyond its instances", more)
    samples.keep("memory: one instance", memory.resident(instances) / len(instances))
    shims = memory.shims(instances) / len(instances)
    samples.keep("memory: the engine's shim of one instance", shims)


def _shared(engine: docker.DockerClient, platform: str) -> float:
    time.sleep(SETTLING_SECONDS)
    return memory.resident(memory.containers(engine, platform, "shared"))
