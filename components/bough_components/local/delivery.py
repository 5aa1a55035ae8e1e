"""Files for an instance, in its own folder in memory.

The instance may write there too, and whoever took it over may have left links that lead out of
it: nothing here follows one.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bough_components.local import containers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST = 64 * 1024


def deliver(folder: Path, name: str, text: str) -> None:
    """Put a file there, whole or not at all, that only the instance's user can read."""
    with _opened(folder) as inside:
        draft = f".{secrets.token_hex(8)}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open(draft, flags, 0o600, dir_fd=inside)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            if os.getuid() == 0:
                os.fchown(descriptor, containers.UNPRIVILEGED, containers.UNPRIVILEGED)
        os.rename(draft, name, src_dir_fd=inside, dst_dir_fd=inside)


def read(folder: Path, name: str, most: int = _MOST) -> str | None:
    """What the instance wrote there, at most `most` bytes (64 KiB); None: there is no such file."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        with _opened(folder) as inside:
            descriptor = os.open(name, flags, dir_fd=inside)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most).decode(errors="replace")


def withdraw(folder: Path, name: str) -> bool:
    """Remove a file; False when there was none."""
    try:
        (folder / name).unlink()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
