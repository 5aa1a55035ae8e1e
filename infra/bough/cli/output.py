"""Results on standard output: a table for people, JSON for programs."""

from __future__ import annotations

import json
import re
from typing import Any

import click

_WIDE = 10_000
_COMMIT = re.compile("[0-9a-f]{40}")


def emit(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Print rows that all have the same keys."""
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif rows:
        _table(rows)


def emit_one(facts: dict[str, Any], as_json: bool) -> None:
    """Print one thing's facts."""
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    width = max(len(key) for key in facts)
    for key, value in facts.items():
        click.echo(f"{key:<{width}}  {_plain(value)}")


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for key in rows[0]:
        table.add_column(key.upper(), no_wrap=True)
    for row in rows:
        table.add_row(*(_plain(value) for value in row.values()))
    # cut nothing: a narrow terminal wraps a line, and a program gets all of it
    Console(highlight=False, markup=False, width=_WIDE).print(table, crop=False, soft_wrap=True)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and _COMMIT.fullmatch(value):
        return value[:10]
    return "-" if value is None else str(value)
