"""The worker's unit of work: count the words of notes that nobody has counted."""

from __future__ import annotations

from notes.store import Connections

# Two workers never wait for each other, and a dead worker's notes are free again at once.
CLAIM = """
    SELECT id, text FROM notes WHERE words IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""


def count_some(database: Connections, most: int = 20) -> int:
    """Count up to `most` notes in one transaction; return how many there were."""
    with database.connection() as connection:
        claimed = connection.execute(CLAIM, (most,)).fetchall()
        counted = [(words(text), id) for id, text in claimed]
        connection.cursor().executemany("UPDATE notes SET words = %s WHERE id = %s", counted)
    return len(counted)


def words(text: str) -> int:
    """Return the number of words: what white space separates."""
    return len(text.split())
