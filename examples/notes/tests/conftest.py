import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from notes.api import Api, build
from notes.memory import MemoryNotes, Who
from notes.settings import Settings
from prometheus_client import CollectorRegistry


@pytest.fixture
def notes() -> MemoryNotes:
    return MemoryNotes()


@pytest.fixture
def who() -> Who:
    return Who()


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def client(notes: MemoryNotes, who: Who, registry: CollectorRegistry) -> Iterator[httpx.Client]:
    """Serve the application on a free local port."""
    app = build(Api(notes, who, lambda: Settings("Notes", 2), registry))
    listener = uvicorn.Config(app, port=0, log_config=None).bind_socket()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    host, port = listener.getsockname()
    with listener, httpx.Client(base_url=f"http://{host}:{port}", trust_env=False) as client:
        yield client
        server.should_exit = True
        thread.join(10)
