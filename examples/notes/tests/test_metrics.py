from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry

import bough_secrets
from bough_secrets.metrics import collector
from bough_secrets.testing import Platform


def test_metrics_tell_how_the_session_is(
    client: httpx.Client,
    registry: CollectorRegistry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOUGH_ENVIRONMENT", "main")
    with Platform(tmp_path) as platform:
        platform.deliver()
        with bough_secrets.connect(platform.addresses, instance="web-1-abcdef") as session:
            session.database("db")
            registry.register(collector(session))
            answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "bough_session_valid 1.0" in answer.text
    assert 'bough_database_rotations_total{need="db"} 0.0' in answer.text
