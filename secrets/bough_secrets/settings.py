"""Where the engines are and how long things may take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where an instance finds its platform; the defaults are the run-time contract's."""

    vault: str = "http://vault.bough:8200"
    consul: str = "http://consul.bough:8500"
    directory: Path = Path("/run/bough")


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Durations, in seconds. The contract's accounts live 1 h at a time, at most 24 h.

    patience: how long start-up and a read wait for an engine that is briefly away
    reissue: how long start-up waits for a credential that it asked for
    max_ttl, rotate_at: a database account is replaced at this share of its longest life
    drain: how long connections of a replaced account may stay in use
    linger: what a replaced account's lease is cut to, when it is longer
    """

    patience: float = 30.0
    reissue: float = 60.0
    max_ttl: float = 24 * 3600.0
    rotate_at: float = 0.7
    drain: float = 300.0
    linger: int = 60
