"""Speaking to the edge while it runs, through the sockets of its masters.

There are several workers after a reload, and two masters while one edge takes over from another: a
client that stays connected stays with its worker. Changes are told to the one that takes new
clients, to which the others pass on what still comes to them; what is in flight must be asked of
all.
"""

from __future__ import annotations

import csv
import io
import os
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough_components.errors import UnavailableError
from bough_components.local import containers

if TYPE_CHECKING:
    from pathlib import Path

    from bough_components.local.home import Home

_SECONDS = 10.0
_STARTING = 2.0
_POLL = 0.02
_MASTERS = "master-*.sock"


@dataclass(frozen=True)
class Worker:
    """A process that serves clients; one that is `leaving` only those it has."""

    master: Path
    pid: int
    leaving: bool


@dataclass(frozen=True)
class Server:
    """A server as one worker knows it; `busy` counts requests and streams, waiting ones too."""

    name: str
    status: str
    busy: int


def folder(home: Home) -> Path:
    """What an edge sees as /run/haproxy."""
    path = home.folder("edge/run")
    containers.give(path)
    return path


def socket_name(token: str) -> str:
    """A master's socket, by what tells its container from others."""
    return f"master-{token}.sock"


def masters(home: Home) -> list[Path]:
    """The sockets of all masters, the newest first; nobody may listen there any more."""
    found = folder(home).glob(_MASTERS)
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def workers(home: Home) -> list[Worker]:
    """All that run; the first is the one that takes new clients."""
    found = [
        (master, *each)
        for index, master in enumerate(masters(home))
        for each in _workers_of(master, patience=0 if index else _STARTING)
    ]
    return [
        Worker(master, pid, leaving or index > 0)
        for index, (master, pid, leaving) in enumerate(found)
    ]


def ask(worker: Worker, command: str) -> str:
    """What a worker answers; nothing when it has ended."""
    answer = _asked(worker.master, f"@!{worker.pid} {command}") or ""
    return "" if answer.startswith("Can't find the target") else answer.strip()


def reload(master: Path) -> None:
    """Have a master read its configuration anew; it answers by cutting the connection off."""
    with suppress(ConnectionError):
        _once(master, "reload")


def generation(worker: Worker) -> str:
    """Which configuration a worker serves."""
    lines = ask(worker, "show info").splitlines()
    found = [line.partition(": ")[2] for line in lines if line.lower().startswith("description:")]
    return found[0] if found else ""


def servers(worker: Worker) -> dict[str, list[Server]]:
    """Each backend's servers."""
    text = ask(worker, "show stat -1 6 -1").removeprefix("# ")
    found: dict[str, list[Server]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        there = found.setdefault(row["pxname"], [])
        if row["svname"] != "BACKEND":
            busy = int(row["scur"] or 0) + int(row["qcur"] or 0)
            there.append(Server(row["svname"], row["status"], busy))
    return found


def _workers_of(master: Path, patience: float) -> list[tuple[int, bool]]:
    """A master's workers, the current one first; for a moment, one that starts has none."""
    deadline = time.monotonic() + patience
    while (answer := _asked(master, "show proc")) is not None:
        if (found := processes(answer)) or time.monotonic() > deadline:
            return found
        time.sleep(_POLL)
    return []


def processes(answer: str) -> list[tuple[int, bool]]:
    """Workers in what `show proc` says: process, whether it is leaving."""
    found, leaving = [], False
    for line in answer.splitlines():
        leaving = leaving or line.startswith("# old workers")
        pid, kind = [*line.split(), "", ""][:2]
        if kind == "worker" and pid.isdigit():
            found.append((int(pid), leaving))
    return found


def _asked(master: Path, command: str) -> str | None:
    """What a master answers; None when nobody listens there.

    It cuts everybody off when it reads its configuration anew, and always says at least an empty
    line: who heard nothing asks again.
    """
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        try:
            if answer := _once(master, command):
                return answer
        except (ConnectionRefusedError, FileNotFoundError):
            return None
        except ConnectionError:
            pass
        time.sleep(_POLL)
    raise UnavailableError("the edge does not answer", "see `bough platform status`")


def _once(master: Path, command: str) -> str:
    """By way of the open folder: a socket's path may have 107 bytes at most."""
    descriptor = os.open(master.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_SECONDS)
            connection.connect(f"/proc/self/fd/{descriptor}/{master.name}")
            connection.sendall(f"{command}\n".encode())
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(1 << 16), b"")).decode()
    finally:
        os.close(descriptor)
