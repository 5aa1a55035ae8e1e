"""A server that speaks enough of PostgreSQL's protocol 3.0 to log in and to say who one is.

Source: PostgreSQL documentation, "Frontend/Backend Protocol", message formats.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
import time
from typing import Any

READY = b"Z" + struct.pack("!ic", 5, b"I")
ASKING = ("SELECT", "SHOW")
# what SQLAlchemy asks a server at first
KNOWN = {"version()": "PostgreSQL 17.0", "isolation level": "read committed",
         "standard_conforming_strings": "on"}  # fmt: skip
SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


def message(kind: bytes, content: bytes = b"") -> bytes:
    return kind + struct.pack("!i", len(content) + 4) + content


def error(sqlstate: str, text: str) -> bytes:
    fields = {"S": "FATAL", "V": "FATAL", "C": sqlstate, "M": text}
    return message(b"E", b"".join(f"{k}{v}\0".encode() for k, v in fields.items()) + b"\0")


class Conversation:
    """The messages after the login: the simple protocol, and the extended one without values."""

    def __init__(self, user: str) -> None:
        self._user = user
        self._statements: dict[str, str] = {}
        self._current = ""

    def answer(self, kind: bytes, content: bytes) -> bytes:
        words = content.decode(errors="replace").split("\0")
        if kind == b"P":
            self._statements[words[0]] = words[1]
        if kind == b"B":
            self._current = self._statements[words[1]]
        if kind == b"Q":
            return self._columns(words[0]) + self._rows(words[0]) + READY
        return {
            b"P": message(b"1"),
            b"B": message(b"2"),
            b"C": message(b"3"),
            b"D": self._columns(self._current) or message(b"n"),
            b"E": self._rows(self._current),
            b"S": READY,
        }[kind]

    @staticmethod
    def _columns(query: str) -> bytes:
        if not query.upper().startswith(ASKING):
            return b""
        column = b"user\0" + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0)
        return message(b"T", struct.pack("!h", 1) + column)

    def _rows(self, query: str) -> bytes:
        if not query:
            return message(b"I")
        if not query.upper().startswith(ASKING):
            return message(b"C", query.split(maxsplit=1)[0].upper().encode() + b"\0")
        value = next((value for part, value in KNOWN.items() if part in query), self._user)
        data = struct.pack("!hi", 1, len(value)) + value.encode()
        return message(b"D", data) + message(b"C", b"SELECT 1\0")


class FakePostgres:
    """Accepts the users in `accounts`; nearly every SELECT returns the session's user.

    While `deaf` is set, new connections get no answer; while `dying`, they end after the login.
    """

    def __init__(self, accounts: dict[str, str]) -> None:
        self.accounts = accounts
        self.sockets: dict[socket.socket, str] = {}
        self.deaf = threading.Event()
        self.dying = False
        fake = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, struct.error):
                    fake.serve(self)
                fake.sockets.pop(self.connection, None)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = int(self._server.server_address[1])
        run = self._server.serve_forever
        threading.Thread(target=run, args=(0.02,), daemon=True).start()

    def serve(self, client: Any) -> None:
        while self.deaf.is_set():
            time.sleep(0.02)
        user = self._startup(client)
        client.wfile.write(message(b"R", struct.pack("!i", 3)))
        password = self._read(client)[1].rstrip(b"\0").decode()
        if self.accounts.get(user) != password:
            client.wfile.write(error("28P01", f'password authentication failed for user "{user}"'))
            return
        self.sockets[client.connection] = user
        client.wfile.write(message(b"R", struct.pack("!i", 0)))
        client.wfile.write(message(b"S", b"client_encoding\0UTF8\0") + READY)
        conversation = Conversation(user)
        while not self.dying and (received := self._read(client))[0] != b"X":
            client.wfile.write(conversation.answer(*received))

    def terminate(self, user: str) -> None:
        """Cut every connection of a user, as pg_terminate_backend does."""
        for connection, owner in list(self.sockets.items()):
            if owner == user:
                with contextlib.suppress(OSError):
                    connection.sendall(error("57P01", "terminating connection"))
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @staticmethod
    def _startup(client: Any) -> str:
        while True:
            length, code = struct.unpack("!ii", client.rfile.read(8))
            content = client.rfile.read(length - 8)
            if code not in (SSL_REQUEST, GSS_REQUEST):
                words: list[str] = content.decode().split("\0")
                return dict(zip(words[::2], words[1::2], strict=False))["user"]
            client.wfile.write(b"N")

    @staticmethod
    def _read(client: Any) -> tuple[bytes, bytes]:
        kind = client.rfile.read(1)
        (length,) = struct.unpack("!i", client.rfile.read(4))
        return kind, client.rfile.read(length - 4)
