"""The Docker engine: the one that answers, else the distribution's, installed and started."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

from bough.requirements.docker import DEFAULT_HOST, docker_host
from bough.requirements.errors import RequirementError
from bough.requirements.finding import Finding, as_this_user
from bough.requirements.table import DOCKER
from bough_setup import apt
from bough_setup.progress import Progress
from bough_setup.run import run

SYSTEMD = Path("/run/systemd/system")
CONTAINERD_SOCKET = Path("/run/containerd/containerd.sock")
LOGS = Path("/var/log")
SECONDS_TO_START = 60
DOCKER_PACKAGE = "docker.io"


def provide_docker(progress: Progress) -> str:
    """As root on Debian whatever is missing is mended; else the one command is named."""
    finding = DOCKER.find()
    if finding.serves:
        return str(finding.version)
    if finding.version or docker_host() != DEFAULT_HOST or not apt.may_install():
        raise unserved(finding)
    if shutil.which("dockerd") is None:
        apt.install([DOCKER_PACKAGE], progress)
    if not DOCKER.find().serves:
        _start(progress)
    return f"{_await(progress)}, started"


def unserved(finding: Finding) -> RequirementError:
    found = f"found {finding.version}, {finding.problem}" if finding.version else finding.problem
    mend = as_this_user(finding.mend or DOCKER.mend)
    return RequirementError(f"Docker {DOCKER.needed} is needed: {found}", mend)


def _start(progress: Progress) -> None:
    progress.say("starting")
    if SYSTEMD.is_dir():
        run(["systemctl", "enable", "--now", "docker"])
        return
    # dockerd relies on a running containerd as soon as it sees the socket, even a stale one.
    if CONTAINERD_SOCKET.exists() and not _answers(CONTAINERD_SOCKET):
        _detach(["containerd"])
    _detach(["dockerd"])


def _detach(command: list[str]) -> None:
    with log_file(command[0]).open("ab") as log:
        subprocess.Popen(
            command,
            cwd="/",
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _await(progress: Progress) -> str:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        finding = DOCKER.find()
        if finding.version:
            return finding.version
        progress.say("waiting for its socket")
        time.sleep(0.2)
    last = "journalctl -u docker" if SYSTEMD.is_dir() else f"tail {log_file('dockerd')}"
    raise RequirementError(f"Docker did not start in {SECONDS_TO_START} s", f"{last} says why")


def log_file(daemon: str) -> Path:
    return LOGS / f"{daemon}.log"


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        return client.connect_ex(str(path)) == 0
