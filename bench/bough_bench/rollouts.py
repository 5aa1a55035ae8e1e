"""Releases under mixed traffic: bough's edge and kamal-proxy in turn, and no proxy at all."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bough_bench.application import MIXED, Application
from bough_bench.console import say
from bough_bench.kamal import Kamal
from bough_bench.samples import Samples
from bough_bench.shipping import Bough, Way
from bough_components.local.home import Home

STEADY_SECONDS = 15.0
BLOCKS = 5
QUICK = ("keep-alive", "new")
ASKED = (*QUICK, "slow", "upload")
"""What counts as requests; streams are told by themselves."""

Found = dict[str, dict[str, Any]]


def measure(home: Home, samples: Samples, rollouts: int, requests: int) -> None:
    """`rollouts` of each way, at least `requests` meanwhile, a block of each in its turn."""
    application = Application(home, home.root.parent / "mixed", MIXED)
    ours = Bough(home, application)
    ours.start()
    with Kamal(home, ours.images()) as theirs:
        direct = ours.direct()
        _keep(samples, "direct", [_loaded_for(direct.host, direct.port, direct.address)])
        ways: dict[str, Way] = {"bough": ours, "kamal-proxy": theirs}
        steady: dict[str, list[Found]] = {name: [] for name in ways}
        rolling: dict[str, list[Found]] = {name: [] for name in ways}
        made, done = dict.fromkeys(ways, 0), 0
        for block in range(min(BLOCKS, rollouts)):
            count = rollouts * (block + 1) // min(BLOCKS, rollouts) - done
            done += count
            share = requests * count // rollouts
            for name, way in ways.items():
                steady[name].append(_loaded_for(way.host, way.port))
                found, rolled = _roll(name, way, count, share, steady[name][-1])
                rolling[name].append(found)
                made[name] += rolled
    for name, rolled in made.items():
        samples.keep(f"{name}: rollouts", rolled)
        _keep(samples, f"{name}, steady", steady[name])
        _keep(samples, f"{name}, rolling out", rolling[name])


def _roll(name: str, way: Way, count: int, requests: int, steady: Found) -> tuple[Found, int]:
    """So many rollouts, and on until there were so many requests, at the pace of before; what came
    of them, and how many rollouts it were."""
    pace = max(_count(steady), 1) / STEADY_SECONDS
    with _loaded(way.host, way.port) as found:
        begun, done = time.monotonic(), 0
        while done < count or time.monotonic() - begun < requests / pace:
            way.release()
            done += 1
            say(f"{name}: rollout {done} of this block")
    say(f"{name}: {json.dumps(_failures([found]))} failed of {_count(found)}")
    return found, done


def _keep(samples: Samples, name: str, found: list[Found]) -> None:
    quick = sorted(time for each in found for kind in QUICK for time in each[kind]["times"])
    failures = _failures(found)
    say(f"{name}: {sum(map(_count, found))} requests, failed: {json.dumps(failures)}")
    samples.keep(f"{name}: requests", sum(map(_count, found)))
    samples.keep(f"{name}: websocket messages", sum(len(f["websocket"]["times"]) for f in found))
    for kind in found[0]:
        samples.keep(f"{name}: failed, {kind}", sum(failures.get(kind, {}).values()))
    samples.keep(f"{name}: failed", sum(sum(each.values()) for each in failures.values()))
    for share in (50, 99):
        samples.keep(f"{name}: p{share}", _percentile(quick, share / 100) * 1000)
    samples.keep(f"{name}: slowest", _percentile(quick, 1) * 1000)


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def _count(found: Found) -> int:
    return sum(len(found[kind]["times"]) + sum(found[kind]["failures"].values()) for kind in ASKED)


def _failures(found: list[Found]) -> dict[str, Counter[str]]:
    total: dict[str, Counter[str]] = {}
    for each in found:
        for kind, facts in each.items():
            if facts["failures"]:
                total.setdefault(kind, Counter()).update(facts["failures"])
    return total


def _loaded_for(host: str, port: int, address: str = "127.0.0.1") -> Found:
    with _loaded(host, port, address) as found:
        time.sleep(STEADY_SECONDS)
    return found


@contextmanager
def _loaded(host: str, port: int, address: str = "127.0.0.1") -> Iterator[Found]:
    """What comes of it is in the yielded mapping after the block."""
    found: Found = {}
    with subprocess.Popen(
        [sys.executable, "-m", "bough_bench.traffic", host, str(port), address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout:
            # it has begun
            process.stdout.readline()
        try:
            yield found
        finally:
            output, _ = process.communicate("")
    found |= json.loads(output)
