"""Doing what a message asks for once, however often it comes.

The idempotent consumer: the id of a message is written in the very transaction that has its effect.
A worker that is killed leaves both or neither; what comes again is known.
"""

from __future__ import annotations

from collections.abc import Callable

from bough_secrets.connections import Connection
from bough_secrets.database import Database
from bough_secrets.errors import ConfigurationError
from bough_secrets.message import Message

TABLE = """
CREATE TABLE IF NOT EXISTS handled_messages (
    queue varchar(64) NOT NULL,
    id varchar(128) NOT NULL,
    handled_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (queue, id)
)
"""
"""For a migration. Rows may go when no message of that age can come again."""

NOTE = "INSERT INTO handled_messages (queue, id) VALUES (%s, %s) ON CONFLICT DO NOTHING"


Work = Callable[[Connection, Message], object]


def handle_once(message: Message, database: Database, work: Work) -> bool:
    """Do `work` and remember the message's id, both or neither, then acknowledge it.

    False when it was done before. `work` gets the connection whose transaction it must use and
    must not commit; when it fails, nothing is kept, the error goes on, and the message comes again
    unless it is rejected. Raises ConfigurationError for a message without an id.
    """
    require_id(message.queue, message.id)
    with database.connection() as connection:
        # whoever has the same message in hand is waited for here
        fresh = connection.execute(NOTE, (message.queue, message.id)).rowcount == 1
        if fresh:
            work(connection, message)
    message.ack()
    return fresh


def require_id(queue: str, id: str) -> None:
    """Raise ConfigurationError for a message without an id."""
    if not id:
        raise ConfigurationError(
            f"A message of {queue!r} has no id, so nobody knows it when it comes again",
            "Give it a message_id where it is sent; Queue.publish does",
        )
