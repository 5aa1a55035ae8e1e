"""The files that the program reads."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bough_secrets.errors import ConfigurationError
from bough_secrets.run.settings import Change


@dataclass(frozen=True)
class File:
    """A file as it should be; `mode` in bits, `on_change` what to do when it changes."""

    path: Path
    text: str = field(repr=False)
    mode: int
    on_change: Change


class Files:
    """All files of the program, gone at the end of the `with`; for any thread."""

    def __init__(self) -> None:
        self._written: dict[Path, File] = {}
        self._untold: list[File] = []
        self._folders: list[Path] = []
        self._lock = threading.Lock()
        self._removed = False

    def write(self, wanted: Sequence[File], *, complete: bool = True) -> list[File]:
        """Make the files as wanted, each whole or not at all; return those that changed.

        Unless that is `complete`, there are others, which stay as they are.
        Raises ConfigurationError half-way; what it wrote before is returned the next time.
        """
        with self._lock:
            if not self._removed:
                self._make_so(wanted)
                if complete:
                    self._drop_all_but({file.path for file in wanted})
            changed, self._untold = self._untold, []
            return changed

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove all files, and the folders that were made for them."""
        with self._lock:
            self._removed = True
            for path in self._written:
                with contextlib.suppress(OSError):
                    path.unlink()
            for folder in reversed(self._folders):
                with contextlib.suppress(OSError):
                    folder.rmdir()

    def _make_so(self, wanted: Sequence[File]) -> None:
        for file in wanted:
            if self._written.get(file.path) != file:
                with _said(file.path):
                    self._write(file)
                self._written[file.path] = file
                self._untold.append(file)

    def _drop_all_but(self, paths: Collection[Path]) -> None:
        for file in [file for path, file in self._written.items() if path not in paths]:
            with _said(file.path):
                file.path.unlink(missing_ok=True)
            del self._written[file.path]
            self._untold.append(file)

    def _write(self, file: File) -> None:
        self._make(file.path.parent)
        draft = file.path.with_name(f".{file.path.name}.new")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
            os.fchmod(descriptor, file.mode)
            opened.write(file.text)
        draft.rename(file.path)

    def _make(self, folder: Path) -> None:
        if not folder.exists():
            self._make(folder.parent)
            folder.mkdir(mode=0o700)
            self._folders.append(folder)


@contextlib.contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"Cannot write {path} ({error.strerror})",
            "Choose a place below /run/bough/ that the user this program runs as may write",
        ) from None
