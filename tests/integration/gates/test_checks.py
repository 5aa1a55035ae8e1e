"""Checks inside the built image: alone, limited, and gone afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness

from bough import gates
from bough.gates.checks import Checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.gates.conftest import Stage
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)

ALONE = """
import json, os, pathlib, socket
def refused(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    raise SystemExit(f"{act} could be done")
assert os.getuid() != 0
assert sorted(os.listdir("/run")) == ["reports"] or "bough" not in os.listdir("/run")
assert not [name for name in os.environ if "TOKEN" in name or name == "BOUGH_ENVIRONMENT"]
refused(lambda: socket.create_connection(("1.1.1.1", 53), 2))
refused(lambda: socket.getaddrinfo("vault.bough", 8200))
refused(lambda: pathlib.Path("/app/new").write_text("x"))
pathlib.Path("/tmp/new").write_text("x")
pathlib.Path(os.environ["BOUGH_REPORTS"], "new").write_text("x")
assert pathlib.Path("web.py").exists(), "it is the application's image"
print("alone")
"""
REPORT = """
import os, pathlib
text = '<coverage lines-valid="10" lines-covered="{covered}"/>'
pathlib.Path(os.environ["BOUGH_REPORTS"], "coverage.xml").write_text(text)
"""
GREEDY = "x = b'x' * (1300 << 20)"


@pytest.fixture(autouse=True)
def _nothing_is_left(platform: Platform) -> Iterator[None]:
    yield
    label = ("--filter", f"label=bough.platform={platform.name}")
    found = witness.docker("ps", "-aq", *label, "--filter", "label=bough.role=gate")
    assert found == ""
    assert list(platform.memory.glob("_gates/*")) == []


def checked(stage: Stage, code: str, **options: Any) -> gates.Verdict:
    gate = Checks(name="unit", service="web", command=("python", "-c", code), **options)
    return gates.run(stage.home, gate, stage.subject(stage.release()))


def test_they_run_alone_in_the_application_s_image(stage: Stage) -> None:
    verdict = checked(stage, ALONE)
    assert (verdict.result, verdict.evidence["log"]) == ("PASS", ["alone"])
    assert verdict.evidence["image"] == stage.release().record["images"]["web"]


def test_a_failure_comes_with_its_last_lines(stage: Stage) -> None:
    verdict = checked(stage, "print('1 of 2 failed'); raise SystemExit(1)")
    assert (verdict.result, verdict.why) == ("FAIL", "python failed with exit status 1")
    assert verdict.evidence["log"] == ["1 of 2 failed"]


@pytest.mark.parametrize(
    ("code", "result", "words"),
    [
        (REPORT.format(covered=9), "PASS", "90.00 %"),
        (REPORT.format(covered=7), "FAIL", "70.00 %"),
        ("print('no report')", "INCONCLUSIVE", "no coverage.xml"),
        ("raise SystemExit(1)", "FAIL", "exit status 1"),
    ],
)
def test_coverage(stage: Stage, code: str, result: str, words: str) -> None:
    verdict = checked(stage, code, coverage=80)
    assert verdict.result == result
    assert words in verdict.why


def test_one_that_hangs_is_ended(stage: Stage) -> None:
    code = "import time; print('so far', flush=True); time.sleep(3600)"
    verdict = checked(stage, code, timeout=10)
    assert (verdict.result, verdict.why) == (
        "INCONCLUSIVE",
        "python did not end within its limit of 10 s",
    )
    assert verdict.evidence["log"] == ["so far"]


def test_too_little_memory_says_nothing(stage: Stage) -> None:
    verdict = checked(stage, GREEDY)
    assert (verdict.result, verdict.why) == ("INCONCLUSIVE", "python ran out of memory")


def test_a_command_that_is_not_there(stage: Stage) -> None:
    gate = Checks(name="unit", service="web", command=("no-such-program",))
    verdict = gates.run(stage.home, gate, stage.subject(stage.release()))
    assert (verdict.result, verdict.why) == ("INCONCLUSIVE", "no-such-program was not found")


def test_an_image_that_is_gone(stage: Stage) -> None:
    release = stage.release()
    gone = {"web": f"sample@sha256:{'0' * 64}"}
    lost = replace(release, record={**release.record, "images": gone})
    gate = Checks(name="unit", service="web", command=("true",))
    verdict = gates.run(stage.home, gate, stage.subject(lost))
    assert verdict.result == "INCONCLUSIVE"
    assert "is not in the registry" in verdict.why
