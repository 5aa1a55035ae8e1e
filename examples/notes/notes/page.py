"""The page for people."""

from __future__ import annotations

from html import escape

from notes.store import Note

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}, {environment}</title>
<style>body {{ font: 1rem/1.5 system-ui; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }}
small {{ color: #666 }}</style>
<h1>{title}</h1>
<p>Environment <strong>{environment}</strong></p>
<ul>{notes}</ul>
</html>
"""


def render(title: str, environment: str, notes: list[Note]) -> str:
    """Return the page as HTML; everything that somebody wrote is escaped."""
    items = "".join(f"\n<li>{item(note)}</li>" for note in notes)
    return PAGE.format(title=escape(title), environment=escape(environment), notes=items)


def item(note: Note) -> str:
    counted = "not counted yet" if note.words is None else f"{note.words} words"
    details = ", ".join([counted, *note.attachments])
    return f"{escape(note.text)} <small>({escape(details)})</small>"
