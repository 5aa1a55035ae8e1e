"""One log line for each request."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("notes.access")

QUIET = ("/health/live", "/health/ready", "/metrics")


class AccessLog:
    """Logs method, path, status and duration; health checks and metrics only when they fail."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            if scope["path"] not in QUIET or status >= 400:
                taken = round(1000 * (time.perf_counter() - began), 1)
                log.info("request", extra={"method": scope["method"], "path": scope["path"],
                                           "status": status, "milliseconds": taken})  # fmt: skip
