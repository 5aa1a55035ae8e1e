"""Evidence that can be kept for ever: bounded in size, and without what looks like a secret."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from itertools import islice, pairwise
from typing import Any

MOST = 16 * 1024
"""Bytes of JSON that one verdict's evidence has at most."""

LINES = 20
_TEXT, _LEAST, _ITEMS, _DEPTH = 2000, 128, 50, 6
_HIDDEN = "***"
_PEM = re.compile(r"-----BEGIN [^-]*-----.*?(-----END [^-]*-----|\Z)", re.DOTALL)
_LOGIN = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_NAMED = re.compile(
    r"""((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|credentials?|authorization)"""
    r"""["']?\s*[:=]\s*(?:bearer |basic )?)["']?[^\s"',;&}]+""",
    re.IGNORECASE,
)
_SHAPED = re.compile(
    r"\bhv[sbr]\.[\w-]{16,}"
    r"|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|(?<!sha256:)\b[0-9a-f]{32,}\b"
)
_RUN = re.compile(r"[A-Za-z0-9_-]{16,}")


def bounded(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The same data as JSON holds it, in at most `MOST` bytes: of texts and lists the end is kept,
    of mappings the beginning. Texts are cut before anything is left out."""
    text, items = _TEXT, _ITEMS
    while True:
        kept: dict[str, Any] = _short(dict(evidence), text, items, _DEPTH)
        if len(json.dumps(kept)) <= MOST:
            return kept
        text, items = (text // 2, items) if text > _LEAST else (text, items // 2)


def tail(lines: Iterable[str]) -> list[str]:
    """The end of a program's words, for evidence."""
    return [scrubbed(line)[-_TEXT:] for line in list(lines)[-LINES:]]


def scrubbed(text: str) -> str:
    """A program's words without what has the shape of a token, a password or a key.

    A safety net: the program must not say its secrets in the first place.
    """
    for pattern in (_PEM, _LOGIN, _SHAPED):
        text = pattern.sub(_HIDDEN, text)
    text = _NAMED.sub(rf"\1{_HIDDEN}", text)
    return _RUN.sub(lambda run: _HIDDEN if _looks_random(run[0]) else run[0], text)


def scrubbed_all(value: Any) -> Any:
    """`scrubbed` for every text in plain data."""
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, Mapping):
        return {scrubbed(str(key)): scrubbed_all(inner) for key, inner in value.items()}
    return [scrubbed_all(inner) for inner in value] if isinstance(value, list) else value


def _looks_random(run: str) -> bool:
    """Whether it has capitals, small letters and digits, and goes between them more often than
    names do."""
    kinds = [
        (letter.isupper(), letter.isdigit()) for letter in run.replace("_", "").replace("-", "")
    ]
    changes = sum(one != other for one, other in pairwise(kinds))
    return len(set(kinds)) == 3 and changes * 3 > len(kinds)


def _short(value: Any, text: int, items: int, depth: int) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping) and depth:
        return {
            str(key)[:100]: _short(inner, text, items, depth - 1)
            for key, inner in islice(value.items(), items)
        }
    if isinstance(value, list | tuple) and depth:
        return [_short(inner, text, items, depth - 1) for inner in value[len(value) - items :]]
    said = str(value)
    return said[len(said) - text :] if len(said) > text else said
