"""Connections to RabbitMQ, each with one channel on it."""

from __future__ import annotations

import contextlib
import logging

from amqpstorm.channel import Channel
from amqpstorm.connection import Connection
from amqpstorm.exception import AMQPChannelError, AMQPError

from bough_secrets.message import Message

ANSWER_TIMEOUT = 10  # seconds in which RabbitMQ has a message on disk, or is asked anew

# It logs a traceback for every connection that ends; what matters is said here.
logging.getLogger("amqpstorm").setLevel(logging.CRITICAL)


class AttentiveConnection(Connection):
    """A connection that knows at once when its peer cuts it.

    AMQPStorm 3.1 starts with a new list of errors whenever it opens, of which it does not tell the
    thread that reads: what went wrong there would be noticed when heartbeats are missed.
    """

    def _send_handshake(self) -> None:
        self._io._exceptions = self._exceptions
        super()._send_handshake()


class Link:
    """A connection with one channel on it, and the queue, which outlives a restart of RabbitMQ."""

    def __init__(self, connection: Connection, queue: str) -> None:
        self._connection = connection
        try:
            self.channel: Channel = connection.channel(rpc_timeout=ANSWER_TIMEOUT)
            self.channel.queue.declare(queue, durable=True)
        except AMQPError:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """False once RabbitMQ has cut the connection, whoever noticed that."""
        with contextlib.suppress(AMQPError):
            self.channel.check_for_errors()
            return True
        return False

    def close(self) -> None:
        with contextlib.suppress(AMQPError):
            self._connection.close()


class Consumer(Link):
    """Receives messages; `prefetch` of them at most wait here to be acknowledged.

    What was received and is not acknowledged when it is closed goes back to the queue.
    """

    def __init__(self, connection: Connection, queue: str, prefetch: int) -> None:
        super().__init__(connection, queue)
        self._queue = queue
        self.channel.basic.qos(prefetch)
        self.channel.basic.consume(queue=queue)

    def next(self, timeout: float) -> Message | None:
        """The next message; None when there is none for `timeout` seconds."""
        found = self.channel.build_inbound_messages(
            break_on_empty=True, auto_decode=False, empty_timeout=timeout
        )
        received = next(found, None)
        if received is None and not self.channel.consumer_tags:
            raise AMQPChannelError("RabbitMQ has ended the delivery")
        return Message(self._queue, received) if received else None
