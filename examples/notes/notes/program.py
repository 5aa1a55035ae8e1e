"""What every program of this application starts with."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bough_secrets import BoughSecretsError, Session, connect_or_exit
from notes import logs
from notes.settings import MISCONFIGURED


def run(work: Callable[[Session], None]) -> None:
    """Log in, do the work, log out. What cannot work ends with one line on standard error."""
    session = connect_or_exit()
    logs.configure(environment=session.environment, instance=session.instance)
    with session:
        try:
            work(session)
        except BoughSecretsError as error:
            refuse(str(error), 1)
        except ValueError as error:
            refuse(str(error))


def refuse(line: str, code: int = MISCONFIGURED) -> None:
    print(f"notes: {line}", file=sys.stderr, flush=True)
    sys.exit(code)
