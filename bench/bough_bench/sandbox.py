"""A platform of the bench's own, which goes without a trace however the bench ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import docker
from docker.errors import APIError, NotFound

from bough.keeper import process
from bough_bench.console import say
from bough_components import names
from bough_components.local.home import Home

_WIDTH = 600
BOUGH = Path(sys.executable).with_name("bough")


@contextmanager
def sandbox() -> Iterator[Home]:
    """A running platform in a temporary folder, removed on return, on an error and on Ctrl-C."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    # a shell lets its background jobs ignore it, and Pulumi then waits 5 s for each plug-in to end
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="bough-bench-"))
    home = Home(folder / "home")
    try:
        run_bough(home, folder, "platform", "up", "--port", str(free_port()))
        yield home
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        say("removing the bench's platform")
        remove(home)
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGINT, signal.default_int_handler)


def run_bough(home: Home, directory: Path, *arguments: str) -> str:
    """What `bough …` prints; RuntimeError with its words when it fails."""
    return run(directory, {"BOUGH_HOME": str(home.root)}, str(BOUGH), *arguments)


def run(directory: Path, variables: dict[str, str], *command: str) -> str:
    """What a program prints; RuntimeError with its words when it fails."""
    with subprocess.Popen(
        command,
        cwd=directory,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate()
        except BaseException:
            # with all its children: none may go on making what is about to be removed
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{_last(output + errors)}")
    return output


def _last(output: str) -> str:
    """The errors in what a program printed, or its last lines; Pulumi prints an object a line."""
    lines = [line[:_WIDTH] for line in output.splitlines()]
    return "\n".join([line for line in lines if '"severity":"error"' in line] or lines[-20:])


def remove(home: Home) -> None:
    """Remove by label whatever carries the platform's name, and its applications' images."""
    if not home.exists:
        return
    process.stop(home)
    engine, wanted = docker.from_env(), f"{names.LABEL_PLATFORM}={home.settings.name}"
    for container in engine.containers.list(all=True, filters={"label": wanted}):
        with suppress(NotFound, APIError):
            container.remove(force=True, v=True)
    for network in engine.networks.list(filters={"label": wanted}):
        with suppress(NotFound, APIError):
            network.remove()
    for volume in engine.volumes.list(filters={"label": wanted}):
        with suppress(NotFound, APIError):
            volume.remove(force=True)
    for image in engine.images.list(name=f"127.0.0.1:{home.settings.ports['registry']}/*"):
        with suppress(NotFound, APIError):
            image.remove(force=True)
    shutil.rmtree(home.memory, ignore_errors=True)


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
