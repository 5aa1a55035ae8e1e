"""A server that speaks enough of AMQP 0-9-1 to log in, publish with confirms, and deliver.

Source: "AMQP 0-9-1 Model Explained" and the protocol's XML, whose frames pamqp reads and writes.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from pamqp import commands, frame
from pamqp.base import Frame
from pamqp.body import ContentBody
from pamqp.exceptions import UnmarshalingException
from pamqp.header import ContentHeader, ProtocolHeader

CLASS_BASIC = 60


@dataclass(frozen=True)
class Stored:
    """A message in a queue."""

    properties: commands.Basic.Properties
    body: bytes
    again: bool = False


@dataclass
class FakeRabbitMQ:
    """Accepts the users in `accounts`; `queues` holds what is waiting, and `opened` every login."""

    accounts: dict[str, str]
    queues: dict[str, deque[Stored]] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    lose_confirms: int = 0
    """So many messages are taken and their connection is cut before that is said."""

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.peers: list[Peer] = []
        fake = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                Peer(fake, self.request).serve()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = int(self._server.server_address[1])
        run = self._server.serve_forever
        threading.Thread(target=run, args=(0.02,), daemon=True).start()

    def terminate(self, user: str | None = None) -> None:
        """Cut the connections of a user, or all, as the removal of an account does."""
        for peer in list(self.peers):
            if user in (None, peer.user):
                peer.cut()

    def close(self) -> None:
        self.terminate()
        self._server.shutdown()
        self._server.server_close()


class Peer:
    """One connection, from the protocol's header to its end."""

    def __init__(self, fake: FakeRabbitMQ, connection: socket.socket) -> None:
        self._fake = fake
        self._socket = connection
        self.user = ""
        self._unsettled: dict[int, tuple[str, Stored]] = {}
        self._consumes: str | None = None
        self._prefetch = 0
        self._delivered = self._published = 0
        self._sending: list[Any] = []

    def serve(self) -> None:
        self._fake.peers.append(self)
        with contextlib.suppress(OSError):
            self._read()
        self._fake.peers.remove(self)
        with self._fake.lock:
            for queue, stored in reversed(self._unsettled.values()):
                again = Stored(stored.properties, stored.body, again=True)
                self._fake.queues[queue].appendleft(again)
        self._deliver_everywhere()

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        data = b""
        while received := self._socket.recv(65536):
            data += received
            while data:
                try:
                    count, channel, found = frame.unmarshal(data)
                except UnmarshalingException:
                    break
                data = data[count:]
                self._take(channel, found)

    def _send(self, channel: int, *frames: Any) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendall(b"".join(frame.marshal(each, channel) for each in frames))

    def _take(self, channel: int, found: Any) -> None:
        with self._fake.lock:
            match found:
                case ProtocolHeader():
                    self._send(0, commands.Connection.Start(mechanisms="PLAIN", locales="en_US"))
                case commands.Connection.StartOk():
                    self._log_in(found.response)
                case commands.Basic.Publish() | ContentHeader() | ContentBody():
                    self._published_so_far(channel, found)
                case commands.Basic.Ack():
                    self._unsettled.pop(found.delivery_tag)
                case commands.Basic.Nack():
                    self._put_back(found)
                case commands.Basic.Consume():
                    self._consumes = found.queue
                    self._send(channel, commands.Basic.ConsumeOk(consumer_tag="c"))
                case _:
                    self._answer(channel, found)
        self._deliver_everywhere()

    def _answer(self, channel: int, found: Any) -> None:
        if isinstance(found, commands.Queue.Declare):
            self._fake.queues.setdefault(found.queue, deque())
        if isinstance(found, commands.Basic.Qos):
            self._prefetch = found.prefetch_count
        answers: dict[type[Frame], Frame] = {
            commands.Connection.Open: commands.Connection.OpenOk(),
            commands.Connection.Close: commands.Connection.CloseOk(),
            commands.Channel.Open: commands.Channel.OpenOk(),
            commands.Channel.Close: commands.Channel.CloseOk(),
            commands.Confirm.Select: commands.Confirm.SelectOk(),
            commands.Queue.Declare: commands.Queue.DeclareOk(
                queue=getattr(found, "queue", ""), message_count=0, consumer_count=0
            ),
            commands.Basic.Qos: commands.Basic.QosOk(),
            commands.Basic.Cancel: commands.Basic.CancelOk(consumer_tag="c"),
        }
        if type(found) in answers:
            self._send(channel, answers[type(found)])

    def _log_in(self, response: str) -> None:
        _, self.user, password = response.split("\0")
        self._fake.opened.append(self.user)
        if self._fake.accounts.get(self.user) == password:
            self._send(0, commands.Connection.Tune(channel_max=9, frame_max=131072, heartbeat=30))
            return
        refusal = "ACCESS_REFUSED - Login was refused"
        close = commands.Connection.Close(
            reply_code=403, reply_text=refusal, class_id=0, method_id=0
        )
        self._send(0, close)

    def _published_so_far(self, channel: int, found: Any) -> None:
        self._sending = [found] if isinstance(found, commands.Basic.Publish) else [
            *self._sending, found,
        ]  # fmt: skip
        publish, *rest = self._sending
        body = b"".join(each.value for each in rest[1:])
        if not rest or len(body) < rest[0].body_size:
            return
        self._fake.queues[publish.routing_key].append(Stored(rest[0].properties, body))
        self._published += 1
        if self._fake.lose_confirms:
            self._fake.lose_confirms -= 1
            self.cut()
        else:
            self._send(channel, commands.Basic.Ack(delivery_tag=self._published))

    def _put_back(self, found: commands.Basic.Nack) -> None:
        queue, stored = self._unsettled.pop(found.delivery_tag)
        if found.requeue:
            again = Stored(stored.properties, stored.body, again=True)
            self._fake.queues[queue].appendleft(again)

    def _deliver_everywhere(self) -> None:
        with self._fake.lock:
            for peer in list(self._fake.peers):
                peer._deliver()

    def _deliver(self) -> None:
        waiting = self._fake.queues.get(self._consumes or "", deque())
        while self._consumes and waiting and len(self._unsettled) < self._prefetch:
            stored = waiting.popleft()
            self._delivered += 1
            self._unsettled[self._delivered] = (self._consumes, stored)
            method = commands.Basic.Deliver(
                consumer_tag="c", delivery_tag=self._delivered, redelivered=stored.again,
                exchange="", routing_key=self._consumes,
            )  # fmt: skip
            header = ContentHeader(body_size=len(stored.body), properties=stored.properties)
            body = [ContentBody(stored.body)] if stored.body else []
            self._send(1, method, header, *body)
