"""A stage whose release has a canary beside it."""

from dataclasses import asdict
from typing import Any

import pytest
from tests.support.memory_ledger import MemoryLedger
from tests.unit.bough.release.naming import SLUG, image
from tests.unit.bough.repositories import Repository

from bough import ledger, registry
from bough.config import parse
from bough.describe import describe
from bough.pipeline.declaration import DECLARED, declared
from bough.release.canary import Canary
from bough.release.deployment import Deployment
from bough.release.record import Release, description
from bough_components.local.home import Home

STAGES = """application: notes
services: {web: {port: 80}, worker: {}}
stages: {production: {replicas: {web: 2, worker: 2}}}
"""


@pytest.fixture
def made(home: Home, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """Two releases of one application, the second as a canary of its stage."""
    MemoryLedger().stand_in(monkeypatch)
    application = parse(STAGES, "bough.yaml")
    ledger.record(home, DECLARED, application="notes", branch="main", **declared(application))
    served = describe(repository.source())
    names = [_released(home, served, digit) for digit in "ab"]
    registry.claim_stage(home, SLUG, "notes", "production", "stage:production")
    return Deployment(
        application="notes",
        stage="production",
        release=names[0],
        schema=names[1],
        canary=Canary(release=names[1], instances=1, share=10),
    )


def _released(home: Home, served: Any, digit: str) -> str:
    release = Release.of(served, digit, dict.fromkeys(("web", "worker"), image(digit)))
    facts = {"record": asdict(release), "description": description(served), "application": "notes"}
    ledger.record(home, "released", release=release.id, **facts)
    return release.id
