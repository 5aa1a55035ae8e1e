"""One message of a queue, as a worker holds it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from amqpstorm.exception import AMQPError
from amqpstorm.message import Message as Received

from bough_secrets.events import tell


class Message:
    """A message that is nobody else's until it is acknowledged or rejected, or this worker is gone.

    `id` is the sender's: a message that comes a second time has it too. `redelivered` says that
    somebody may have begun with it before.
    """

    def __init__(self, queue: str, received: Received) -> None:
        self.queue = queue
        self.id = str(received.message_id or "")
        content = received.body or b""
        self.body = content.encode() if isinstance(content, str) else content
        self.redelivered = bool(received.redelivered)
        self._received = received
        self._settled = False

    def ack(self) -> None:
        """The work is done: the queue forgets the message.

        Where the connection is lost that cannot be said, and the message comes again.
        """
        self._settle(self._received.ack)

    def reject(self, *, again: bool = True) -> None:
        """The work was not done: put the message back, or drop it with `again=False`."""
        self._settle(partial(self._received.nack, requeue=again))

    def _settle(self, how: Callable[[], None]) -> None:
        if self._settled:
            return
        self._settled = True
        try:
            how()
        except AMQPError as error:
            tell("queue.not-settled", error, need=self.queue, id=self.id)

    def __repr__(self) -> str:
        return f"Message({self.queue!r}, {self.id!r}, {len(self.body)} bytes)"
