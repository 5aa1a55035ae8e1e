"""The two files of /run/bough: the wrapped credential, and the token kept for a crash."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from bough_secrets.errors import ConfigurationError
from bough_secrets.sensitive import Sensitive


class Store:
    """The instance's private directory, on a memory file system."""

    def __init__(self, directory: Path) -> None:
        self.wrapped = directory / "wrapped-token"
        self.token = directory / "token"

    def take_wrapped(self) -> Sensitive | None:
        """Read the wrapped token and remove the file; None when it is not there."""
        text = self._read(self.wrapped)
        self.wrapped.unlink(missing_ok=True)
        return text

    def load(self) -> Sensitive | None:
        """Return the token that an earlier life of this instance kept."""
        return self._read(self.token)

    def save(self, token: Sensitive) -> None:
        """Keep the token, mode 0600, complete or not at all."""
        draft = self.token.with_suffix(".new")
        draft.unlink(missing_ok=True)
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"Cannot write {draft} ({error.strerror})",
                "Mount a memory file system there, owned by the user this program runs as",
            ) from error
        with os.fdopen(descriptor, "w") as file:
            file.write(token.reveal())
        draft.rename(self.token)

    def forget(self) -> None:
        """Remove the kept token."""
        with contextlib.suppress(OSError):
            self.token.unlink()

    @staticmethod
    def _read(path: Path) -> Sensitive | None:
        try:
            text = path.read_text().strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigurationError(
                f"Cannot read {path} ({error.strerror})",
                "Make it readable for the user this program runs as",
            ) from error
        return Sensitive(text) if text else None
