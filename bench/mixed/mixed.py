"""Answers all kinds of requests with the release that it is of.

`/` at once, `/slow` after two seconds, `POST /upload` with the number of bytes, `/socket` repeats
what a websocket says, `/events` tells something ten times a second. `POST /become` changes what
`/ready` and `/alive` say: 200, or a status of the caller's choice; a release called "unready" never
is. When it is asked to stop it ends
websockets and events in their own way, and lets requests finish.
"""

import asyncio
import contextlib
import os
from pathlib import Path

from aiohttp import WSCloseCode, WSMsgType, web

RELEASE = os.environ.get("RELEASE") or Path(__file__).with_name("release.txt").read_text().strip()
STATES = {"ready": 503 if RELEASE == "unready" else 200, "alive": 200}
STOPPING = web.AppKey("stopping", asyncio.Event)
SOCKETS = web.AppKey("sockets", dict[int, web.WebSocketResponse])


async def at_once(_request: web.Request) -> web.Response:
    return web.Response(text=RELEASE)


async def slow(_request: web.Request) -> web.Response:
    await asyncio.sleep(2)
    return web.Response(text=RELEASE)


async def upload(request: web.Request) -> web.Response:
    size = 0
    async for chunk in request.content.iter_any():
        size += len(chunk)
    return web.Response(text=str(size))


async def socket(request: web.Request) -> web.WebSocketResponse:
    connection = web.WebSocketResponse()
    await connection.prepare(request)
    request.app[SOCKETS][id(connection)] = connection
    try:
        async for message in connection:
            if message.type is WSMsgType.TEXT:
                await connection.send_str(message.data)
    finally:
        del request.app[SOCKETS][id(connection)]
    return connection


async def events(request: web.Request) -> web.StreamResponse:
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await stream.prepare(request)
    with contextlib.suppress(ConnectionResetError):  # who listened has left
        while not request.app[STOPPING].is_set():
            await stream.write(f"data: {RELEASE}\n\n".encode())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(request.app[STOPPING].wait(), 0.1)
        await stream.write_eof()
    return stream


async def state(request: web.Request) -> web.Response:
    return web.Response(status=STATES[request.path.removeprefix("/")])


async def become(request: web.Request) -> web.Response:
    STATES.update({name: int(value) for name, value in request.query.items()})
    return web.Response()


async def end(application: web.Application) -> None:
    application[STOPPING].set()
    for connection in list(application[SOCKETS].values()):
        await connection.close(code=WSCloseCode.GOING_AWAY)


def application() -> web.Application:
    made = web.Application(client_max_size=1 << 30)
    made[STOPPING], made[SOCKETS] = asyncio.Event(), {}
    made.add_routes(
        [
            web.get("/", at_once),
            *(web.get(path, state) for path in ("/ready", "/alive")),
            web.get("/slow", slow),
            web.get("/socket", socket),
            web.get("/events", events),
            web.post("/upload", upload),
            web.post("/become", become),
        ]
    )
    made.on_shutdown.append(end)
    return made


if __name__ == "__main__":
    port = int(os.environ["PORT"])
    web.run_app(application(), port=port, access_log=None, print=None, shutdown_timeout=5)
