"""Why a notice did not arrive."""

from __future__ import annotations

from bough_components.errors import BoughError


class UndeliveredError(BoughError):
    """The message never holds an address, a token, or what a receiver answered.

    lasting: another try would end the same way. after: seconds that the receiver asked to be left
    alone for.
    """

    def __init__(self, message: str, *, lasting: bool = False, after: float | None = None) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.after = after


class UnreadyError(BoughError):
    """Nothing was sent: what is needed to send it is missing here."""
