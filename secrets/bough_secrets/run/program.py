"""From settings to an exit status."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bough_secrets.connecting import connect_or_exit
from bough_secrets.errors import BoughSecretsError
from bough_secrets.run.delivery import Delivery
from bough_secrets.run.events import ENDING, ROTATE, Events, listen
from bough_secrets.run.files import Files
from bough_secrets.run.plan import Plan
from bough_secrets.run.settings import Settings
from bough_secrets.run.supervisor import Supervisor
from bough_secrets.settings import Addresses, Timing


def supervise(command: Sequence[str], settings: Settings, plan: Plan, addresses: Addresses) -> int:
    """Log in, write the files, run the program to its end; return its exit status.

    A program that was asked to end, or is done, gives back what it was lent. After one that
    failed the token is kept, so that the next start goes on with it.
    """
    for number in ENDING:
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    _pid_file(addresses.directory).unlink(missing_ok=True)  # an earlier life may have been killed
    session = connect_or_exit(addresses, timing=Timing(drain=settings.drain))
    with contextlib.ExitStack() as giving_back, Files() as files:
        giving_back.callback(session.close)
        events = Events()
        delivery = Delivery(session, files, plan, settings, events)
        try:
            delivery.first()
        except BoughSecretsError as error:
            giving_back.pop_all()
            print(f"bough-run: {error}", file=sys.stderr, flush=True)
            return error.exit_code
        listen(events)
        supervisor = Supervisor(command, settings.stop, events, session.rotate)
        with _known(addresses.directory):
            status = supervisor.run()
        if status and not supervisor.asked:
            giving_back.pop_all()
        return status


def ask_to_rotate(directory: Path) -> str | None:
    """Ask the bough-run that works there for new accounts; return why it could not be."""
    file = _pid_file(directory)
    try:
        os.kill(int(file.read_text()), ROTATE)
    except (OSError, ValueError):
        return f"No bough-run is at work here: {file} names none. Start one first."
    return None


@contextlib.contextmanager
def _known(directory: Path) -> Iterator[None]:
    """Write down who is at work here."""
    file = _pid_file(directory)
    file.write_text(str(os.getpid()))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _pid_file(directory: Path) -> Path:
    return directory / "bough-run.pid"
