"""One queue account and the connections that were opened with it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from amqpstorm.channel import Channel
from amqpstorm.exception import AMQPConnectionError, AMQPError

from bough_secrets.account import Account, Location
from bough_secrets.errors import UnreachableError
from bough_secrets.lending import Access
from bough_secrets.link import AttentiveConnection, Consumer, Link

CONNECT_TIMEOUT = 5  # seconds
HEARTBEAT = 10  # seconds; twice that is how long a peer may be silent
PERSISTENT = 2
REFUSED = 403


class QueueGeneration:
    """Connections to one queue that all belong to one account; a rotation makes the next one."""

    def __init__(
        self, account: Account, location: Location, *, queue: str, name: str,
        refused: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.account = account
        self._location = location
        self.queue = queue
        self._name = name
        self._refused = refused
        self._out = 0
        self._counting = threading.Lock()
        self._publishing = threading.Lock()
        self._publisher: Link | None = None
        self._closed = False

    @property
    def out(self) -> int:
        """How many consumers are at work, or others that were lent the account."""
        return self._out

    @property
    def access(self) -> Access:
        """What another program needs to connect as this account."""
        at = self._location
        return Access(
            "amqp", self.account.user, self.account.password, at.host, at.port, at.database
        )

    def hold(self) -> None:
        """Count one more who uses this account."""
        with self._counting:
            self._out += 1

    def release(self) -> None:
        """Count one less."""
        with self._counting:
            self._out -= 1

    def open(self) -> None:
        """Prove that the account works. Raises UnreachableError."""
        with self._publishing:
            self._channel_to_publish()

    def publish(self, body: bytes, id: str) -> None:
        """Return when RabbitMQ has the message on disk.

        Raises UnreachableError when that is not known: it may be there all the same.
        """
        about = {"message_id": id, "delivery_mode": PERSISTENT, "timestamp": datetime.now(UTC)}
        with self._publishing, self._failures():
            try:
                channel = self._channel_to_publish()
                taken = channel.basic.publish(body, self.queue, properties=about, mandatory=True)
            except AMQPError:
                self._close_publisher()
                raise
        if not taken:
            raise self._unreachable("it did not take the message")

    @contextlib.contextmanager
    def consumer(self, prefetch: int) -> Iterator[Consumer]:
        """A consumer on a connection of its own, for one thread. Raises UnreachableError."""
        self.hold()
        try:
            with self._failures():
                consumer = Consumer(self._connected(), self.queue, prefetch)
            try:
                with self._failures():
                    yield consumer
            finally:
                consumer.close()
        finally:
            self.release()

    def close(self) -> None:
        """Publish nothing any more; consumers at work stay until they have finished."""
        with self._publishing:
            self._closed = True
            self._close_publisher()

    def _channel_to_publish(self) -> Channel:
        if self._closed:
            raise self._unreachable("this account is no longer used")
        if self._publisher is None or not self._publisher.alive:
            self._close_publisher()
            with self._failures():
                self._publisher = Link(self._connected(), self.queue)
                self._publisher.channel.confirm_deliveries()
        return self._publisher.channel

    def _close_publisher(self) -> None:
        if self._publisher:
            self._publisher.close()
        self._publisher = None

    def _connected(self) -> AttentiveConnection:
        try:
            return AttentiveConnection(
                self._location.host, self.account.user, self.account.password.reveal(),
                port=self._location.port, virtual_host=self._location.database,
                timeout=CONNECT_TIMEOUT, heartbeat=HEARTBEAT, poller="poll",
                client_properties={"connection_name": self._name},
            )  # fmt: skip
        except AMQPConnectionError as error:
            if error.error_code == REFUSED:
                self._refused(self.account.user)
            raise

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except AMQPError as error:
            complaint = " ".join(str(error).split())
        else:
            return
        raise self._unreachable(complaint)

    def _unreachable(self, complaint: str) -> UnreachableError:
        where = f"{self.queue!r} at {self._location.host}:{self._location.port}"
        return UnreachableError(
            f"The queue {where} does not serve {self.account.user}: {complaint}",
            "Check that RabbitMQ runs and accepts this account",
        )
