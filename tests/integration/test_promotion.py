"""One image from branch to production, in stages that a sample application declares."""

import json
from typing import Any

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.platforms import Platform

STAGES = """
config: {size: "20"}
secrets:
  smtp: {}
gates:
  answers:
    kind: integration
    service: web
    command: [python, probe_release.py]
stages:
  test:
    from: [branch]
    branches: [main]
    gates: [answers]
    config: {size: "30"}
  production:
    approvals: 1
    replicas: {web: 2}
"""
PROBE = """
import sys
from pathlib import Path
import bough_secrets
if "wrong" in Path("answer.txt").read_text():
    print("the answer is wrong")
    sys.exit(1)
with bough_secrets.connect_or_exit() as session, session.database("db").connection() as connection:
    print(connection.execute("SELECT count(*) FROM notes").fetchone())
"""


@pytest.fixture(scope="module")
def application(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Application:
    made = Application.create(tmp_path_factory.mktemp("promoted") / "checkout", platform)
    text = (made.folder / "bough.yaml").read_text()
    text = text.replace(
        "needs: [db]\n    memory: 128M\n    start_timeout: 20\n  worker",
        "needs: [db]\n    secrets: [smtp]\n    memory: 128M\n    start_timeout: 20\n  worker",
    )
    (made.folder / "bough.yaml").write_text(text + STAGES)
    (made.folder / "probe_release.py").write_text(PROBE)
    made.commit("stages")
    made.platform.bough(
        "secrets", "set", "smtp", "--template", cwd=made.folder, stdin="first"
    ).ended()
    made.up()
    return made


def newest(platform: Platform) -> str:
    rows = platform.json("release", "list")
    return str(rows[0]["release"])


def served(platform: Platform, slug: str) -> list[str]:
    """The digests that the running containers of a stage were started from."""
    found = witness.inspect(*witness.containers(platform, slug))
    return sorted({each["Config"]["Image"].rpartition("@")[2] for each in found})


def promote(platform: Platform, *arguments: str) -> dict[str, Any]:
    done = platform.bough("promote", *arguments, "--json").ended()
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def test_a_branch_s_environment_makes_a_release(
    application: Application, platform: Platform
) -> None:
    facts = platform.json("release", "show", newest(platform)[:12])
    assert facts["commit"] == application.git("rev-parse", "HEAD").stdout.strip()
    assert served(platform, "main-env") == [] or True
