"""Pulumi's own locks on stacks, and processes that own one or are gone."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests.support.waiting import until

from bough_components.local.home import Home

# as Pulumi 3.230 writes it: local time, nine digits after the point at most
SINCE = "2026-11-21T11:48:06.574719501+09:00"


def locked(home: Home, pid: int, hostname: str | None = None, stack: str = "main") -> Path:
    """The file that a `pulumi up` leaves while it works, or when it is killed."""
    folder = home.folder(f"pulumi/state/.pulumi/locks/organization/bough/{stack}")
    path = folder / f"{uuid4()}.json"
    host = hostname or socket.gethostname()
    facts = {"pid": pid, "username": "ada", "hostname": host, "timestamp": SINCE}
    path.write_text(json.dumps(facts))
    return path


def owner(pid: int, hostname: str | None = None) -> str:
    """As messages name who holds such a lock."""
    return f"ada@{hostname or socket.gethostname()} (process {pid})"


def dead() -> int:
    """The process number of somebody who is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@contextmanager
def living(folder: Path, name: str = "pulumi") -> Iterator[subprocess.Popen[bytes]]:
    """A process of that name, which does nothing."""
    sleep = shutil.which("sleep")
    assert sleep
    program = folder / name
    program.symlink_to(sleep)
    with subprocess.Popen([program, "60"]) as process:
        try:
            until(lambda: comm(process.pid) == name, 10, f"it is called {name}")
            yield process
        finally:
            process.kill()


def comm(pid: int) -> str:
    """What the kernel calls a process."""
    return Path(f"/proc/{pid}/comm").read_text().strip()
