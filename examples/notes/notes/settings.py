"""What the application can be told from outside, checked before anything else happens."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

MISCONFIGURED = 2


@dataclass(frozen=True)
class Settings:
    """`title` and `page_size` come from Consul: `config/title`, `config/page-size`."""

    title: str
    page_size: int

    @classmethod
    def read(cls, config: Mapping[str, str]) -> Settings:
        """Raises ValueError with one line that names the key, what it should be, and what it is."""
        size = whole("config/page-size", config.get("page-size", "50"), 1, 500)
        return cls(config.get("title", "Notes"), size)


def port() -> int:
    """Read PORT. Raises ValueError."""
    return whole("PORT", os.environ.get("PORT", ""), 1, 65535)


def whole(name: str, text: str, least: int, most: int) -> int:
    """Return `text` as a whole number. Raises ValueError when it is none, or out of range."""
    if not (text.isdecimal() and least <= int(text) <= most):
        raise ValueError(f"{name} should be a whole number from {least} to {most}, got {text!r}")
    return int(text)
