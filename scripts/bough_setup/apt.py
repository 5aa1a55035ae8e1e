"""Installs packages of the distribution, where this user may."""

import os
import shutil

from bough_setup.progress import Progress
from bough_setup.run import run

QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def may_install() -> bool:
    """True for root on Debian and its relatives."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str], progress: Progress) -> None:
    def watch(line: str) -> None:
        progress.say(f"apt-get: {line[:60]}")

    # An earlier run that was interrupted may have left packages unpacked only.
    run(["dpkg", "--configure", "-a"], watch=watch, environment=QUIET)
    run(["apt-get", "update", "-q"], watch=watch, environment=QUIET)
    command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    run(command, watch=watch, environment=QUIET)
