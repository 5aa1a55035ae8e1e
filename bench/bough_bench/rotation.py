"""Requests while credentials are replaced: under a library that swaps accounts, and under restarts
as Vault Agent makes them."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bough.branch import slug
from bough_bench.application import Application
from bough_bench.console import say
from bough_bench.samples import Samples
from bough_bench.sandbox import run_bough
from bough_components import names
from bough_components.local.home import Home

STEADY_SECONDS = 20.0
SLOWER = 1.6
"""How much longer the same number of requests may take while rotations share the processors."""
RESTARTS = 5
_IN_PROCESS, _RESTARTED = "in-process", "restarted"
_COMMAND = "command: [python, web.py]"
_RESTARTED_COMMAND = "command: [bough-run, --database, db, --, python, plain.py]"


def measure(home: Home, folder: Path, samples: Samples, rotations: int, requests: int) -> None:
    """`rotations` of the application that swaps, at least `requests` meanwhile; then `RESTARTS` of
    one that is restarted."""
    application = Application(home, folder)
    application.check_out(_IN_PROCESS, 0)
    run_bough(home, folder, "up")
    _way(home, _IN_PROCESS, samples, rotations, requests)
    application.check_out(_RESTARTED, 0)
    description = folder / "bough.yaml"
    description.write_text(description.read_text().replace(_COMMAND, _RESTARTED_COMMAND))
    application.commit_all("Restarted by bough-run")
    run_bough(home, folder, "up")
    _way(home, _RESTARTED, samples, RESTARTS, 0)


def _way(home: Home, branch: str, samples: Samples, rotations: int, requests: int) -> None:
    with _loaded(home, branch) as steady:
        time.sleep(STEADY_SECONDS)
    _keep(samples, f"{branch}, steady", steady)
    with _loaded(home, branch) as meanwhile:
        done, begun = 0, time.monotonic()
        enough = SLOWER * requests / max(steady["load"]["sent"], 1) * STEADY_SECONDS
        while done < rotations or time.monotonic() - begun < enough:
            run_bough(home, home.root, "rotate", slug(branch))
            done += 1
            say(f"{branch}: rotation {done}")
    samples.keep(f"{branch}: rotations", done)
    _keep(samples, f"{branch}, rotating", meanwhile)


def _keep(samples: Samples, name: str, found: dict[str, Any]) -> None:
    say(f"{name}: {json.dumps(found)}")
    load, slow = found["load"], found["slow"]
    samples.keep(f"{name}: requests", load["sent"] + slow["sent"])
    samples.keep(f"{name}: failed requests", load["failed"] + slow["failed"])
    samples.keep(f"{name}: held over 1 s", load["held"])
    samples.keep(f"{name}: p99", load["p99 ms"])
    samples.keep(f"{name}: slowest", load["slowest ms"])


@contextmanager
def _loaded(home: Home, branch: str) -> Iterator[dict[str, Any]]:
    """What comes of it is in the yielded mapping after the block."""
    found: dict[str, Any] = {}
    host, port = names.host(slug(branch)), str(home.settings.ports["edge"])
    with subprocess.Popen(
        [sys.executable, "-m", "bough_bench.loading", host, port],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield found
        output, _ = process.communicate("")
    found |= json.loads(output)
