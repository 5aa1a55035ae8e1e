"""What bough says when something cannot be done.

::

    BoughError                 anything we foresee; exit status 1
    ├── ConfigurationError     bough.yaml cannot be used; .problems, one line each
    ├── UsageError             what the user typed cannot be meant; exit status 2
    ├── RefusedError           a policy says no
    │   ├── BlockedError       rules of the pipeline say no; .reasons
    │   └── UnverifiedError    evidence is missing, was changed, or is not ours; .problems
    ├── NotFoundError          there is no such branch, environment, service ...
    ├── UnavailableError       an engine does not answer, or has the wrong version
    ├── BusyError              somebody else holds the lock; .who, .what, .since
    ├── LeftoverError          something is still there after a destroy; .left
    └── LoggedError            a program failed; .log_tail, its last lines
        ├── BuildError         an image was not built
        └── UnhealthyError     an instance died or never became ready

The command line prints ``str(error)`` and exits with ``error.exit_status``. A traceback is for
bugs: whatever is not a BoughError.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar


class BoughError(Exception):
    """message: what happened, to what. hint: what to do next. Both without the final full stop."""

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    @property
    def details(self) -> tuple[str, ...]:
        """Lines to show, indented, between message and hint."""
        return ()

    def __str__(self) -> str:
        if not self.details:
            return " ".join(_sentence(part) for part in (self.message, self.hint) if part)
        lines = [f"{self.message.rstrip('.:')}:", *(f"  {line}" for line in self.details)]
        return "\n".join([*lines, _sentence(self.hint)] if self.hint else lines)


class ConfigurationError(BoughError):
    """problems: one line each, ``services.web.port: should be ...``."""

    def __init__(self, message: str, problems: Iterable[str] = (), hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)

    @property
    def details(self) -> tuple[str, ...]:
        return self.problems


class UsageError(BoughError):
    exit_status = 2


class RefusedError(BoughError):
    pass


class BlockedError(RefusedError):
    """reasons: what speaks against it, each with the next step, one line each."""

    def __init__(self, message: str, reasons: Iterable[str], hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.reasons = tuple(reasons)

    @property
    def details(self) -> tuple[str, ...]:
        return self.reasons


class UnverifiedError(RefusedError):
    """problems: what is wrong with the evidence, one line each."""

    def __init__(self, message: str, problems: Iterable[str] = (), hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.problems = tuple(problems)

    @property
    def details(self) -> tuple[str, ...]:
        return self.problems


class NotFoundError(BoughError):
    pass


class UnavailableError(BoughError):
    pass


class BusyError(BoughError):
    """who holds the lock, what they are doing to what, and since when (aware datetime)."""

    def __init__(self, who: str, what: str, since: datetime, hint: str | None = None) -> None:
        super().__init__(
            f"{who} has been busy with {what} since {since:%Y-%m-%d %H:%M:%S %Z}", hint
        )
        self.who = who
        self.what = what
        self.since = since


class LeftoverError(BoughError):
    """left: what an inventory still found, one line each."""

    def __init__(self, message: str, left: Iterable[str], hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.left = tuple(left)

    @property
    def details(self) -> tuple[str, ...]:
        return self.left


class LoggedError(BoughError):
    """log_tail: the last lines that the program wrote, oldest first."""

    def __init__(self, message: str, log_tail: Iterable[str] = (), hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.log_tail = tuple(log_tail)

    @property
    def details(self) -> tuple[str, ...]:
        return self.log_tail


class BuildError(LoggedError):
    pass


class UnhealthyError(LoggedError):
    pass


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
