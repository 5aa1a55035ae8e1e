"""Typing secrets: from standard input, a hidden prompt or an editor, never from an argument."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import click

from bough_components.errors import UsageError

LARGEST = 512 * 1024
"""Bytes of all fields of a secret together; Vault refuses more than about 1 MiB."""

_MEMORY = Path("/dev/shm")  # noqa: S108


def typed(name: str, fields: tuple[str, ...], *, edit: bool) -> dict[str, str]:
    """The fields of a secret, by name; `UsageError` for what cannot be one."""
    fields = fields or ("value",)
    if edit:
        values = _edited(name, fields)
    elif sys.stdin.isatty():
        values = {field: click.prompt(f"{name}.{field}", hide_input=True) for field in fields}
    else:
        values = read(sys.stdin.buffer.read(LARGEST + 1), fields)
    return checked(name, values)


def read(data: bytes, fields: tuple[str, ...]) -> dict[str, str]:
    """What came on standard input: the one field as it is, or a JSON object of several."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise UsageError("a secret is text in UTF-8", "encode other bytes, in base64 say") from None
    return {fields[0]: text.removesuffix("\n")} if len(fields) == 1 else _object(text, fields)


def _object(text: str, fields: tuple[str, ...]) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or set(found) != set(fields):
        wanted = ", ".join(f'"{field}": "…"' for field in fields)
        raise UsageError(f"this should be a JSON object {{{wanted}}}", "nothing was changed")
    return {field: str(found[field]) for field in fields}


def checked(name: str, values: dict[str, str]) -> dict[str, str]:
    """The same values, unless one is empty or they are too large."""
    empty = [field for field, value in values.items() if not value]
    if empty:
        raise UsageError(f"{name}.{empty[0]} would be empty", "nothing was changed")
    if sum(len(value.encode()) for value in values.values()) > LARGEST:
        raise UsageError(f"{name} is larger than {LARGEST // 1024} KiB", "nothing was changed")
    return values


def _edited(name: str, fields: tuple[str, ...]) -> dict[str, str]:
    """In the user's editor; the file and whatever the editor puts beside it lie in memory."""
    folder = Path(tempfile.mkdtemp(prefix="bough-", dir=_MEMORY))
    try:
        file = folder / f"{name}.json"
        file.write_text(json.dumps(dict.fromkeys(fields, ""), indent=2) + "\n")
        click.edit(filename=str(file))
        return _object(file.read_text(), fields)
    finally:
        shutil.rmtree(folder)
