"""A value that must not be printed."""

from __future__ import annotations

import hmac
from typing import NoReturn


class Sensitive:
    """Text that shows itself as ``***`` wherever it is printed; `reveal` gives the text.

    It is not a `str`: what accepts only a `str` then fails loudly instead of writing the text
    somewhere by accident.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself, for the one call that needs it."""
        return self._text

    def __str__(self) -> str:
        return "***"

    __repr__ = __str__

    def __format__(self, _spec: str) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sensitive):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Sensitive, self._text))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Sensitive is not pickled: it would leave the process in clear text")
