"""What an instance's start is made of, from its process to its entry in Consul."""

import json
import time
from dataclasses import replace
from itertools import pairwise

import docker
from docker.models.containers import Container

from bough_bench import memory
from bough_bench.application import Application
from bough_bench.console import say
from bough_bench.samples import Samples
from bough_bench.sandbox import run_bough
from bough_components.local import containers, instances
from bough_components.local.home import Home

PARTS = (
    "interpreter",
    "imports",
    "unwrap",
    "login",
    "session",
    "account",
    "database",
    "application",
    "listening",
    "healthy",
    "registered",
)
_BRANCH = "starts"
_COMMAND = ["python", "starting.py"]


def measure(home: Home, application: Application, samples: Samples, count: int) -> None:
    """Start `count` instances of one environment, one after the other, as bough starts them."""
    application.point(_BRANCH, 0)
    run_bough(home, application.folder, "up", _BRANCH)
    found = memory.containers(docker.from_env(), home.settings.name, "instance")
    wanted = instances.Wanted.from_labels(found[0].labels)
    for number in range(count):
        one = replace(wanted, instance=f"{wanted.service}-start-{number}", command=_COMMAND)
        _keep(samples, _start(home, one))
    run_bough(home, application.folder, "destroy", _BRANCH)


def parts(ends: dict[str, float]) -> dict[str, float]:
    """Milliseconds of each part, given in seconds when each one ended; `whole` and the library's
    share with them."""
    moments = [ends[name] for name in ("process", *PARTS)]
    each = dict(zip(PARTS, (1000 * (b - a) for a, b in pairwise(moments)), strict=True))
    whole = 1000 * (ends["registered"] - ends["process"])
    return {**each, "library": 1000 * (ends["database"] - ends["interpreter"]), "whole": whole}


def _start(home: Home, wanted: instances.Wanted) -> dict[str, float]:
    try:
        instances.start(home, wanted)
        registered = time.clock_gettime(time.CLOCK_BOOTTIME)
        return {**_told(containers.find(wanted.container)), "registered": registered}
    finally:
        instances.remove(home, wanted)


def _told(container: Container | None) -> dict[str, float]:
    lines = containers.log_tail(container) if container else []
    told: dict[str, float] = json.loads(next(line for line in lines if line.startswith("{")))
    return told


def _keep(samples: Samples, ends: dict[str, float]) -> None:
    found = parts(ends)
    say(" ".join(f"{name} {value:.0f}" for name, value in found.items()))
    for name, value in found.items():
        samples.keep(f"start: {name}", value)
