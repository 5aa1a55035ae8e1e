"""Mixed traffic in a process of its own: `python -m bough_bench.traffic HOST PORT`, until its
standard input ends; prints a line when it begins, and then what came of it as JSON.

Keep-alive connections, new ones, requests of two seconds, uploads, websockets and server-sent
events. Nothing is sent twice: a request that fails is a failure, and so is a stream that is cut off
in the middle. One that its server ends in its own way is none.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientSession,
    WSMsgType,
    WSServerHandshakeError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CLIENTS = {"keep-alive": 6, "new": 2, "slow": 8, "upload": 2, "websocket": 6, "events": 2}
"""How many there are of each kind."""

_TIMEOUT = 30.0
_ENDED = (1000, 1001, 1012)
"""How a websocket ends when its server means it; RFC 6455, section 7.4."""


class BrokenError(Exception):
    """What went wrong with a request, in a word or two."""


@dataclass
class Kind:
    """What came of one kind of request; `times` in seconds, of those that were answered 2xx."""

    times: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    def facts(self) -> dict[str, Any]:
        return {"times": [round(each, 6) for each in self.times], "failures": dict(self.failures)}


class Traffic:
    """Asks `host` at `port` of `address` until it is told to stop."""

    def __init__(self, host: str, port: int, address: str = "127.0.0.1") -> None:
        self._host, self._port, self._address = host, port, address
        self.kinds = {name: Kind() for name in CLIENTS}
        self._stop = asyncio.Event()

    async def run(self, clients: dict[str, int] = CLIENTS) -> None:
        """Until `stop`, and then until every request is answered."""
        ways: dict[str, Callable[[], Awaitable[None]]] = {
            "keep-alive": self._keep_alive,
            "new": self._new,
            "slow": self._slow,
            "upload": self._upload,
            "websocket": self._websocket,
            "events": self._events,
        }
        await asyncio.gather(
            *(ways[kind]() for kind, count in clients.items() for _ in range(count))
        )

    def stop(self) -> None:
        self._stop.set()

    async def _keep_alive(self) -> None:
        await self._ask("keep-alive", _request("/", self._host), kept=True)

    async def _new(self) -> None:
        await self._ask("new", _request("/", self._host, "Connection: close"), kept=False)

    async def _slow(self) -> None:
        await self._ask("slow", _request("/slow", self._host), kept=True)

    async def _upload(self) -> None:
        """A megabyte in a second, which is the time that it takes when all is well."""
        chunk, count = b"x" * 65536, 16
        head = _request("/upload", self._host, f"Content-Length: {len(chunk) * count}", way="POST")

        async def body(writer: asyncio.StreamWriter) -> None:
            for _ in range(count):
                writer.write(chunk)
                await writer.drain()
                await asyncio.sleep(1 / count)

        await self._ask("upload", head, kept=True, body=body, expected=str(len(chunk) * count))

    async def _ask(
        self,
        kind: str,
        request: bytes,
        *,
        kept: bool,
        body: Callable[[asyncio.StreamWriter], Awaitable[None]] | None = None,
        expected: str | None = None,
    ) -> None:
        found, connection = self.kinds[kind], None
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                async with asyncio.timeout(_TIMEOUT):
                    connection = connection or await asyncio.open_connection(
                        self._address, self._port
                    )
                    connection[1].write(request)
                    if body:
                        await body(connection[1])
                    text, closing = await _answer(connection[0])
                if expected not in (None, text):
                    raise BrokenError("another answer")
                found.times.append(time.monotonic() - began)
                if kept and not closing:
                    continue
            except (OSError, BrokenError, TimeoutError) as error:
                found.failures[_word(error)] += 1
            if connection:
                connection[1].close()
            connection = None
        if connection:
            connection[1].close()

    async def _websocket(self) -> None:
        """Says something ten times a second on a connection that lasts; a time is an echo's."""
        found = self.kinds["websocket"]
        async with ClientSession() as session:
            while not self._stop.is_set():
                try:
                    await self._talk(session, found)
                except (ClientError, BrokenError, TimeoutError, OSError) as error:
                    found.failures[_word(error)] += 1

    async def _talk(self, session: ClientSession, found: Kind) -> None:
        url, headers = f"http://{self._address}:{self._port}/socket", {"Host": self._host}
        async with session.ws_connect(url, headers=headers) as connection:
            while not self._stop.is_set():
                began = time.monotonic()
                with suppress(ClientConnectionError):
                    # one that is being closed says so when it is read
                    await connection.send_str("echo")
                message = await connection.receive(_TIMEOUT)
                if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
                    code = message.data if message.type is WSMsgType.CLOSE else None
                    if code not in _ENDED:
                        raise BrokenError(f"cut off, {code or 'without a word'}")
                    return
                if message.type is not WSMsgType.TEXT:
                    raise BrokenError(f"cut off, {message.type.name}")
                found.times.append(time.monotonic() - began)
                await asyncio.sleep(0.1)

    async def _events(self) -> None:
        """Listens for as long as it may; a time is that until the next event."""
        found = self.kinds["events"]
        async with ClientSession() as session:
            while not self._stop.is_set():
                try:
                    await self._listen(session, found)
                except (ClientError, BrokenError, TimeoutError, OSError) as error:
                    found.failures[_word(error)] += 1

    async def _listen(self, session: ClientSession, found: Kind) -> None:
        url, headers = f"http://{self._address}:{self._port}/events", {"Host": self._host}
        async with session.get(url, headers=headers) as answer:
            if answer.status != 200:
                raise BrokenError(f"HTTP {answer.status}")
            began = time.monotonic()
            async for line in answer.content:
                if line.strip():
                    found.times.append(time.monotonic() - began)
                    began = time.monotonic()
                if self._stop.is_set():
                    return


def _request(path: str, host: str, *headers: str, way: str = "GET") -> bytes:
    lines = [f"{way} {path} HTTP/1.1", f"Host: {host}", *headers, "", ""]
    return "\r\n".join(lines).encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[str, bool]:
    """The body of an answer, and whether the connection ends with it."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        status = head[0].split()[1]
        text = (await reader.readexactly(int(headers["content-length"]))).decode()
    except asyncio.IncompleteReadError as error:
        raise BrokenError("cut off" if error.partial else "disconnected") from None
    if not status.startswith("2"):
        raise BrokenError(f"HTTP {status}")
    return text, headers.get("connection") == "close"


def _word(error: Exception) -> str:
    if isinstance(error, WSServerHandshakeError):
        return f"HTTP {error.status}"
    return str(error) if isinstance(error, BrokenError) else type(error).__name__


def main() -> None:
    """Until standard input ends."""
    host, port, *address = sys.argv[1:]

    async def run() -> Traffic:
        traffic, loop = Traffic(host, int(port), *address), asyncio.get_running_loop()

        def wait() -> None:
            sys.stdin.read()
            loop.call_soon_threadsafe(traffic.stop)

        print("asking", flush=True)
        waiting = loop.run_in_executor(None, wait)
        await traffic.run()
        await waiting
        return traffic

    traffic = asyncio.run(run())
    print(json.dumps({name: kind.facts() for name, kind in traffic.kinds.items()}))


if __name__ == "__main__":
    main()
