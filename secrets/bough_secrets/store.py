"""The files of /run/bough.

`wrapped-token` comes from bough; `token` is kept for a crash; with `wanted` the instance asks
bough for another credential; `incident` says why it must not have one; `status` tells `bough show`
how it is.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bough_secrets.errors import ConfigurationError
from bough_secrets.sensitive import Sensitive


@dataclass(frozen=True)
class Delivery:
    """A wrapped token, and for how many seconds it lay unread."""

    wrapped: Sensitive
    unread: float = 0.0


class Store:
    """The instance's private directory, on a memory file system."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.wrapped = directory / "wrapped-token"
        self.token = directory / "token"
        self.wanted = directory / "wanted"
        self._incident = directory / "incident"
        self._status = directory / "status"

    def take_delivery(self) -> Delivery | None:
        """Read the wrapped token and remove the file; None when it is not there.

        Renamed first, so that of several that look only one has it.
        """
        taken = self._directory / f"taken.{os.getpid()}.{threading.get_ident()}"
        with self._changing(self.wrapped):
            try:
                self.wrapped.rename(taken)
            except FileNotFoundError:
                return None
            unread = self._age(taken)
        text = self._read(taken)
        with self._changing(self.wanted):
            taken.unlink()
            self.wanted.unlink(missing_ok=True)
        return Delivery(Sensitive(text), unread) if text else None

    def ask(self, reason: str) -> None:
        """Ask bough for another credential; it delivers one within a few seconds."""
        self._write(self.wanted, _note(reason=reason))

    def withdraw(self) -> None:
        """Take the request back."""
        with contextlib.suppress(OSError):
            self.wanted.unlink()

    def report(self, what: str) -> None:
        """Write down a suspicion: this instance starts no more until a person deploys again."""
        self._write(self._incident, _note(what=what))

    def incident(self) -> str | None:
        """Return the suspicion that an earlier life wrote down."""
        text = self._read(self._incident)
        if text is None:
            return None
        try:
            return str(json.loads(text)["what"])
        except (ValueError, TypeError, KeyError):
            return "an earlier start of this instance wrote down an incident"

    def tell(self, status: Mapping[str, object]) -> None:
        """Write down how this instance is, for `bough show`."""
        self._write(self._status, json.dumps(status))

    def load(self) -> Sensitive | None:
        """Return the token that an earlier life of this instance kept."""
        text = self._read(self.token)
        return Sensitive(text) if text else None

    def save(self, token: Sensitive) -> None:
        """Keep the token."""
        self._write(self.token, token.reveal())

    def forget(self) -> None:
        """Remove the kept token, and take a request back."""
        self.withdraw()
        for file in (self.token, self._status):
            with contextlib.suppress(OSError):
                file.unlink()

    def _age(self, file: Path) -> float:
        """Seconds since a file was written, by the kernel's clock alone: ours may be shifted."""
        with tempfile.TemporaryFile(dir=self._directory) as fresh:
            return os.fstat(fresh.fileno()).st_mtime - file.stat().st_mtime

    def _write(self, file: Path, text: str) -> None:
        """Write a file, mode 0600, complete or not at all."""
        draft = file.with_suffix(".new")
        with self._changing(draft):
            draft.unlink(missing_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as opened:
                opened.write(text)
            draft.rename(file)

    @staticmethod
    @contextlib.contextmanager
    def _changing(file: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ConfigurationError(
                f"Cannot write {file} ({error.strerror})",
                "Mount a memory file system there, owned by the user this program runs as",
            ) from error

    @staticmethod
    def _read(file: Path) -> str | None:
        try:
            return file.read_text(errors="replace").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigurationError(
                f"Cannot read {file} ({error.strerror})",
                "Make it readable for the user this program runs as",
            ) from error


def _note(**what: str) -> str:
    return json.dumps({**what, "at": datetime.now(UTC).isoformat(timespec="seconds")})
