"""The HTTP interface, as one Starlette application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import psycopg
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from notes import page
from notes.access import AccessLog
from notes.settings import Settings
from notes.store import Note


class Notes(Protocol):
    """Where notes are kept."""

    def add(self, text: str, attachments: list[str]) -> Note: ...
    def newest(self, limit: int) -> list[Note]: ...
    def get(self, id: int) -> Note | None: ...
    def user(self) -> str: ...
    def check(self) -> None: ...


class Identity(Protocol):
    """Who answers; a `bough_secrets` session is one."""

    @property
    def environment(self) -> str: ...
    @property
    def instance(self) -> str: ...
    @property
    def valid(self) -> bool: ...


class Api:
    """The endpoints. Plain functions: Starlette runs them in threads, as psycopg's pool likes."""

    def __init__(
        self, notes: Notes, identity: Identity, settings: Callable[[], Settings],
        registry: CollectorRegistry,
    ) -> None:  # fmt: skip
        self._registry = registry
        self._notes = notes
        self._identity = identity
        self._settings = settings

    def home(self, _request: Request) -> Response:
        settings = self._settings()
        notes = self._notes.newest(settings.page_size)
        return HTMLResponse(page.render(settings.title, self._identity.environment, notes))

    def list(self, _request: Request) -> Response:
        notes = self._notes.newest(self._settings().page_size)
        return JSONResponse([note.document() for note in notes])

    def get(self, request: Request) -> Response:
        note = self._notes.get(request.path_params["id"])
        if note is None:
            raise HTTPException(404, f"there is no note {request.path_params['id']}")
        return JSONResponse(note.document())

    def add(self, body: Any) -> Response:
        note = self._notes.add(*checked(body))
        headers = {"Location": f"/notes/{note.id}"}
        return JSONResponse(note.document(), 201, headers)

    def whoami(self, _request: Request) -> Response:
        who = self._identity
        return JSONResponse(
            {
                "environment": who.environment,
                "instance": who.instance,
                "database_user": self._notes.user(),
            }
        )

    def live(self, _request: Request) -> Response:
        return JSONResponse({"status": "live"})

    def metrics(self, _request: Request) -> Response:
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def ready(self, _request: Request) -> Response:
        if not self._identity.valid:
            return JSONResponse({"status": "this instance has logged out"}, 503)
        self._notes.check()
        return JSONResponse({"status": "ready"})


def checked(body: Any) -> tuple[str, list[str]]:
    """Return text and attachments of a new note. Raises HTTPException 422 that names the field."""
    if not isinstance(body, dict):
        raise HTTPException(422, "should be a JSON object")
    text, attachments = body.get("text"), body.get("attachments", [])
    if not isinstance(text, str) or not 0 < len(text.strip()) <= 10_000 or "\0" in text:
        raise HTTPException(422, "text: should be text of 1 to 10000 characters")
    if not isinstance(attachments, list) or not all(named(name) for name in attachments):
        raise HTTPException(422, "attachments: should be a list of names, 1 to 255 characters each")
    return text, attachments


def named(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 255 and "\0" not in name


def failed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette's type is too wide
    return JSONResponse({"error": error.detail}, error.status_code)


def away(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"error": "the database does not answer"}, 503, {"Retry-After": "1"})


def build(api: Api, lifespan: Callable[[Starlette], Any] | None = None) -> Starlette:
    """Put the endpoints together."""

    async def notes(request: Request) -> Response:
        return await posted(api, request)

    app = Starlette(
        lifespan=lifespan,
        exception_handlers={HTTPException: failed, psycopg.Error: away},
        routes=[
            Route("/", api.home),
            Route("/notes", api.list, methods=["GET"]),
            Route("/notes", notes, methods=["POST"]),
            Route("/notes/{id:int}", api.get),
            Route("/whoami", api.whoami),
            Route("/metrics", api.metrics),
            Route("/health/live", api.live),
            Route("/health/ready", api.ready),
        ],
    )
    app.add_middleware(AccessLog)
    return app


async def posted(api: Api, request: Request) -> Response:
    from starlette.concurrency import run_in_threadpool

    try:
        body = await request.json()
    except ValueError:
        raise HTTPException(400, "should be JSON") from None
    return await run_in_threadpool(api.add, body)
