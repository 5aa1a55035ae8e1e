"""Results on standard output: a table for people, JSON for programs."""

from __future__ import annotations

import json
from typing import Any

import click


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
        table.add_column(key.upper(), overflow="fold")
    for row in rows:
        table.add_row(*(_plain(value) for value in row.values()))
    Console(highlight=False, soft_wrap=True).print(table)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
