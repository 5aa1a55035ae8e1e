"""What the application can be told from outside, checked before anything else happens."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

log = logging.getLogger("notes")

MISCONFIGURED = 2


class Config(Protocol):
    """Where settings change; `bough_secrets`' is one."""

    @property
    def snapshot(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Settings:
    """`title` and `page_size` come from Consul: `bough config set page-size 20` changes one."""

    title: str
    page_size: int

    @classmethod
    def read(cls, config: Mapping[str, str]) -> Settings:
        """Raises ValueError with one line that names the key, what it should be, and what it is."""
        size = whole("config/page-size", config.get("page-size", "50"), 1, 500)
        return cls(config.get("title", "Notes"), size)


class Current:
    """The settings of the moment. A change to what cannot be is logged, and changes nothing."""

    def __init__(self, config: Config) -> None:
        """Raises ValueError as `Settings.read` does."""
        self._config = config
        self.settings = Settings.read(config.snapshot)

    def refresh(self, _changed: frozenset[str] = frozenset()) -> None:
        try:
            self.settings = Settings.read(self._config.snapshot)
        except ValueError as error:
            log.error("the last good settings stand: %s", error)


def port() -> int:
    """Read PORT. Raises ValueError."""
    return whole("PORT", os.environ.get("PORT", ""), 1, 65535)


def whole(name: str, text: str, least: int, most: int) -> int:
    """Return `text` as a whole number. Raises ValueError when it is none, or out of range."""
    if not (text.isdecimal() and least <= int(text) <= most):
        raise ValueError(f"{name} should be a whole number from {least} to {most}, got {text!r}")
    return int(text)
