"""One question to an engine: plain HTTP, over a connection of its own, with no proxy between.

An instance asks Vault a few times an hour, and Consul holds what it is asked for a minute: keeping
connections would save nothing. Raises what FAILURES lists; none of it may be shown, since it may
hold a token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

FAILURES = (OSError, HTTPException, ValueError)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Patience:
    """Seconds to connect, and then to answer."""

    connect: float
    answer: float


def asked(
    address: str, method: str, path: str, headers: dict[str, str], *,
    body: str | None, patience: Patience,
) -> Answer:  # fmt: skip
    """Ask and wait for the answer."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=patience.connect)) as connection:
        connection.connect()
        connection.sock.settimeout(patience.answer)
        connection.request(method, path, body, headers)
        return _read(connection.getresponse())


async def awaited(address: str, path: str, headers: dict[str, str], patience: Patience) -> Answer:
    """Get, without a thread that waits; cancelling it closes the connection."""
    url = urlsplit(address)
    async with asyncio.timeout(patience.connect):
        reader, writer = await asyncio.open_connection(url.hostname, url.port or 80)
    try:
        wire = _Wire()
        wire.write(url.netloc, path, headers)
        writer.write(wire.sent)
        async with asyncio.timeout(patience.answer):
            wire.received = await reader.read()
        return wire.read()
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


class _Wire:
    """Stands in for a socket, so that http.client writes the question and reads the answer."""

    def __init__(self) -> None:
        self.sent = self.received = b""

    def write(self, host: str, path: str, headers: dict[str, str]) -> None:
        connection = HTTPConnection(host)
        wire: Any = self
        connection.sock = wire
        connection.request("GET", path, headers={**headers, "Connection": "close"})

    def read(self) -> Answer:
        wire: Any = self
        response = HTTPResponse(wire)
        response.begin()
        return _read(response)

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self.received)


def _read(response: HTTPResponse) -> Answer:
    with response:
        return Answer(response.status, response.read(), dict(response.headers))
