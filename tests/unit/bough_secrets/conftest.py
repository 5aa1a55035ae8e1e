from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bough_secrets
from bough_secrets import Session, Timing
from bough_secrets.testing import Platform

INSTANCE = "web-1-abcdef"
Connect = Callable[..., Session]


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    monkeypatch.setenv("BOUGH_ENVIRONMENT", "main")
    with Platform(tmp_path, instance=INSTANCE) as platform:
        yield platform


@pytest.fixture
def connect(platform: Platform) -> Iterator[Connect]:
    """Connect as the platform's instance; sessions are closed after the test."""
    sessions: list[Session] = []

    def connect(**timing: float) -> Session:
        how = Timing(**{"patience": 0.2, "reissue": 0.3, **timing})  # type: ignore[arg-type]
        sessions.append(bough_secrets.connect(platform.addresses, timing=how, instance=INSTANCE))
        return sessions[-1]

    yield connect
    for session in sessions:
        session.close()


@pytest.fixture
def session(platform: Platform, connect: Connect) -> Session:
    platform.deliver()
    return connect()
