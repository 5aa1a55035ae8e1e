"""`python -m notes.web`: serves the notes until SIGTERM, then finishes what it has begun."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from bough_secrets import Session
from bough_secrets.metrics import collector
from notes.api import Api, build
from notes.program import refuse, run
from notes.settings import Current, port
from notes.store import Store

DRAIN = 20  # seconds for requests that are under way at SIGTERM


def serve(session: Session, port: int) -> None:
    current = Current(session.config)
    session.on_config_change(current.refresh)
    registry = CollectorRegistry()
    registry.register(collector(session))
    store = Store(session.database("db", max_size=8))
    api = Api(store, session, lambda: current.settings, registry)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        # Here, because uvicorn ends the process with the signal that it received.
        await run_in_threadpool(session.close)

    uvicorn.run(
        build(api, lifespan), host="0.0.0.0", port=port, log_config=None,  # noqa: S104 - its network
        access_log=False, ws="none", timeout_graceful_shutdown=DRAIN, server_header=False,
    )  # fmt: skip


def main() -> None:
    try:
        listen = port()
    except ValueError as error:
        return refuse(str(error))
    return run(lambda session: serve(session, listen))


if __name__ == "__main__":
    main()
