"""Files without a template: one for each value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from pathlib import PurePath

from bough_secrets.run.answers import Answers, Database, Queue
from bough_secrets.run.settings import Settings

Values = Iterator[tuple[PurePath, str]]


def values(settings: Settings) -> Iterator[Callable[[Answers], Values]]:
    """Yield what yields relative paths and texts, such as `databases/db/password`."""
    yield from (partial(_database, need) for need in settings.databases)
    yield from (partial(_queue, need) for need in settings.queues)
    yield from (partial(_secret, name) for name in settings.secrets)
    yield from (partial(_service, name) for name in settings.services)


def _database(need: str, answers: Answers) -> Values:
    yield from _reached(PurePath("databases", need), answers.database(need))


def _queue(need: str, answers: Answers) -> Values:
    yield from _reached(PurePath("queues", need), answers.queue(need))


def _reached(folder: PurePath, found: Database | Queue) -> Values:
    for field in fields(found):
        yield folder / field.name, str(getattr(found, field.name))


def _secret(name: str, answers: Answers) -> Values:
    for key, text in answers.secret(name).items():
        # A field may be named anything, a path's name may not.
        if key not in (".", "..") and not {"/", "\0"} & {*key}:
            yield PurePath("secrets", name, key), text


def _service(name: str, answers: Answers) -> Values:
    lines = "".join(f"{address}\n" for address in answers.services(name))
    yield PurePath("services", name), lines
