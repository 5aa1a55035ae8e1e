"""A command with the credentials of a stage, and isolation, asked of a stage that serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application

from bough import gates, ledger
from bough.gates.integration import Integration
from bough.gates.isolation import Isolation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.gates.conftest import Stage
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)

USES = """
import json
from urllib.request import urlopen
import bough_secrets
with bough_secrets.connect_or_exit() as session:
    with session.database("db").connection() as connection:
        assert connection.execute("SELECT text FROM notes").fetchone() == ("seeded",)
    with urlopen(f"http://{session.service('web')}/state", timeout=5) as answer:
        state = json.load(answer)
    print(state["environment"], session.environment)
"""
HANGS = """
import time, bough_secrets
print("so far", flush=True)
bough_secrets.connect_or_exit()
time.sleep(3600)
"""


@pytest.fixture(autouse=True)
def _nothing_is_left(platform: Platform, stage: Stage) -> Iterator[None]:
    yield
    assert witness.services(platform, stage.slug) == ["web", "worker"]
    tokens = [token["Description"] for token in witness.consul(platform, "acl/tokens")]
    assert [name for name in tokens if "-gate-" in name] == []
    assert [path for path in platform.memory.glob(f"{stage.slug}/*") if "gate" in path.name] == []


def asked(stage: Stage, code: str, **options: Any) -> gates.Verdict:
    gate = Integration(name="api", service="web", command=("python", "-c", code), **options)
    return gates.run(stage.home, gate, stage.subject(stage.release()))


def test_it_works_as_an_instance_of_its_service(stage: Stage) -> None:
    verdict = asked(stage, USES)
    assert (verdict.result, verdict.evidence["log"]) == ("PASS", [f"{stage.slug} {stage.slug}"])


def test_a_failure_is_told_with_its_last_lines(stage: Stage) -> None:
    verdict = asked(stage, "raise SystemExit('three pages are empty')")
    assert verdict.result == "FAIL"
    assert verdict.evidence["log"] == ["three pages are empty"]
    recorded = list(ledger.events(stage.home))[-1]
    assert (recorded["event"], recorded["gate"], recorded["verdict"]) == ("gate", "api", "FAIL")
    assert recorded["release"] == stage.release().id
    assert recorded["evidence"] == verdict.evidence


def test_one_that_hangs_is_ended_and_loses_its_credentials(stage: Stage) -> None:
    verdict = asked(stage, HANGS, timeout=15)
    assert (verdict.result, verdict.why) == (
        "INCONCLUSIVE",
        "python did not end within its limit of 15 s",
    )
    assert verdict.evidence["log"] == ["so far"]


def test_a_service_that_the_environment_does_not_have(stage: Stage) -> None:
    gate = Integration(name="api", service="nobody", command=("true",))
    verdict = gates.run(stage.home, gate, stage.subject(stage.release()))
    assert verdict.result == "INCONCLUSIVE"
    assert "crashed" in verdict.why


def test_walls(platform: Platform, stage: Stage, tmp_path: Path) -> None:
    other = Application.create(tmp_path / "checkout", platform)
    neighbour = other.branch("feature/2-neighbour")
    other.up()
    gate, subject = Isolation(name="walls"), stage.subject(stage.release())
    database = f"env-{neighbour}.db"
    try:
        assert gates.run(stage.home, gate, subject).result == "PASS"
        witness.execute(platform, f'GRANT CONNECT ON DATABASE "{database}" TO PUBLIC')
        verdict = gates.run(stage.home, gate, subject)
        assert (verdict.result, verdict.why) == ("FAIL", "1 doors opened")
        assert f"database {database}" in verdict.evidence["opened"][0]
    finally:
        platform.bough("destroy", neighbour).ended()
