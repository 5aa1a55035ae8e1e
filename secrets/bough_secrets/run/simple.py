"""Files without a template: one for each value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import PurePath

from bough_secrets.run.answers import Answers, Database
from bough_secrets.run.settings import Settings


def values(settings: Settings, answers: Answers) -> Iterator[tuple[PurePath, str]]:
    """Yield relative paths and texts, such as `databases/db/password`; no newline at the end."""
    for need in settings.databases:
        found = answers.database(need)
        for field in fields(Database):
            yield PurePath("databases", need, field.name), str(getattr(found, field.name))
    for name in settings.secrets:
        for key, text in answers.secret(name).items():
            # A field may be named anything, a path's name may not.
            if key not in (".", "..") and not {"/", "\0"} & {*key}:
                yield PurePath("secrets", name, key), text
    for name in settings.services:
        addresses = answers.services(name)
        yield PurePath("services", name), "".join(f"{address}\n" for address in addresses)
