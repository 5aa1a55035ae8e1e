"""The Debian base of every image that is built here: bootstrapped once, shared as a layer."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bough_components.errors import BuildError, UnavailableError
from bough_components.local.images.workshop import Workshop

SUITE = "bookworm"
CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
OPTIONS = (
    "--variant=minbase",
    # busybox: what the official Alpine images have for scripts and health checks (wget).
    "--include=ca-certificates,busybox",
    "--dpkgopt=path-exclude=/usr/share/man/*",
    "--dpkgopt=path-exclude=/usr/share/locale/*",
    "--dpkgopt=path-exclude=/usr/share/doc/*",
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
)
# Python's and Node's clients bring their own list of authorities unless told.
CHANGES = (
    f"ENV SSL_CERT_FILE={CA_BUNDLE} PIP_CERT={CA_BUNDLE} REQUESTS_CA_BUNDLE={CA_BUNDLE}"
    f" NODE_EXTRA_CA_CERTS={CA_BUNDLE}",
    'CMD ["bash"]',
)
CLEAN_UP_SECONDS = 30
HINT = (
    "as root: apt-get install mmdebstrap uidmap debian-archive-keyring;"
    " or make a registry reachable"
)


def bootstrap(tag: str, labels: dict[str, str], workshop: Workshop) -> None:
    """Bootstrap Debian and import it as ``tag``, which appears only when it is complete."""
    repository, _, version = tag.rpartition(":")
    tar = workshop.cache / "rootfs.partial.tar"
    changes = [*CHANGES, *(f'LABEL "{key}"="{value}"' for key, value in labels.items())]
    try:
        _mmdebstrap(tar, workshop)
        workshop.report(f"base: importing {tar.stat().st_size // 1_000_000} MB into the engine")
        workshop.engine.import_image_from_file(str(tar), repository, version, changes)
    finally:
        tar.unlink(missing_ok=True)


def command(tar: Path, ca_bundle: Path | None) -> list[str]:
    """The bootstrap's argument list."""
    trust = [f"--customize-hook=upload {ca_bundle} {CA_BUNDLE}"] if ca_bundle else []
    return ["mmdebstrap", *OPTIONS, *trust, SUITE, str(tar)]


def _mmdebstrap(tar: Path, workshop: Workshop) -> None:
    tail: list[str] = []
    with _started(command(tar, workshop.ca_bundle)) as process:
        for line in process.stderr or ():
            tail = [*tail[-19:], line.rstrip()]
            if line.startswith("I: "):
                workshop.report(f"base: {line[3:].strip()}")
    if process.returncode:
        raise BuildError("The Debian base image was not made", tail, HINT)


@contextlib.contextmanager
def _started(arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
    except FileNotFoundError as error:
        raise UnavailableError(f"{arguments[0]} is needed to build an image", HINT) from error
    with process:
        try:
            yield process
        except BaseException:
            _interrupt(process)
            raise


def _interrupt(process: subprocess.Popen[str]) -> None:
    """All of its group, as Ctrl-C would: then it unmounts and removes its temporary folder, and
    says so, which somebody has to read.
    """
    os.killpg(process.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=CLEAN_UP_SECONDS)
