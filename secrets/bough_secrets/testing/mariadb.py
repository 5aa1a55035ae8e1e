"""A server that speaks enough of MariaDB's protocol to log in and to say who one is.

Source: MariaDB documentation, "Client/Server Protocol".
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import socketserver
import struct
import threading
import time
from hashlib import sha1
from typing import Any

VERSION = "10.11.0-MariaDB"
PLUGIN = b"mysql_native_password\0"
CONNECT_WITH_DB, PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH = 1 << 3, 1 << 9, 1 << 15, 1 << 19
CAPABILITIES = CONNECT_WITH_DB | PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH
OK = b"\0\0\0\2\0\0\0"
EOF = b"\xfe\0\0\2\0"
QUIT, QUERY = 1, 3
ASKING = ("SELECT", "SHOW")
# what SQLAlchemy asks a server at first
KNOWN = {
    "VERSION": VERSION,
    "lower_case_table_names": "0",
    "sql_mode": "",
    "isolation": "REPEATABLE-READ",
}


def error(number: int, text: str) -> bytes:
    return b"\xff" + struct.pack("<H", number) + b"#HY000" + text.encode()


def counted(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def row(*values: str) -> list[bytes]:
    """The packets of an answer with one row, and as many columns as values."""
    column = b"".join(map(counted, ("def", "", "", "", "value", "value")))
    column += b"\x0c" + struct.pack("<HIBHBH", 45, 256, 0xFD, 0, 0, 0)
    return [bytes([len(values)]), *[column] * len(values), EOF, b"".join(map(counted, values)), EOF]


def proof(password: str, nonce: bytes) -> bytes:
    """What a client sends instead of its password."""
    once = sha1(password.encode()).digest()  # noqa: S324 - the protocol's own
    twice = sha1(nonce + sha1(once).digest()).digest()  # noqa: S324
    return bytes(a ^ b for a, b in zip(once, twice, strict=True))


class FakeMariaDB:
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
        user = self._log_in(client)
        if user is None:
            return
        self.sockets[client.connection] = user
        while not self.dying and (received := self._read(client))[0] != QUIT:
            self._write(client, 1, *self._answers(user, received))

    def terminate(self, user: str) -> None:
        """Cut every connection of a user, as KILL USER does."""
        for connection, owner in list(self.sockets.items()):
            if owner == user:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _log_in(self, client: Any) -> str | None:
        nonce = secrets.token_hex(10).encode()
        low, high = CAPABILITIES & 0xFFFF, CAPABILITIES >> 16
        self._write(
            client, 0, b"\x0a5.5.5-" + VERSION.encode() + b"\0\1\0\0\0" + nonce[:8] + b"\0"
            + struct.pack("<HBHHB", low, 45, 2, high, 21) + bytes(10) + nonce[8:] + b"\0" + PLUGIN,
        )  # fmt: skip
        name, _, rest = self._read(client)[32:].partition(b"\0")
        user = name.decode()
        if rest[1 : 1 + rest[0]] != proof(self.accounts.get(user, ""), nonce):
            self._write(client, 2, error(1045, f"Access denied for user '{user}'"))
            return None
        self._write(client, 2, OK)
        return user

    @staticmethod
    def _answers(user: str, received: bytes) -> list[bytes]:
        text = received[1:].decode(errors="replace")
        if received[0] != QUERY or not text.upper().startswith(ASKING):
            return [OK]
        name, known = next(((k, v) for k, v in KNOWN.items() if k in text), ("", user))
        return row(name, known) if text.upper().startswith("SHOW") else row(known)

    @staticmethod
    def _read(client: Any) -> bytes:
        length = int.from_bytes(client.rfile.read(4)[:3], "little")
        content: bytes = client.rfile.read(length)
        if not content:
            raise ConnectionResetError
        return content

    @staticmethod
    def _write(client: Any, first: int, *packets: bytes) -> None:
        for number, packet in enumerate(packets, start=first):
            client.wfile.write(len(packet).to_bytes(3, "little") + bytes([number]) + packet)
