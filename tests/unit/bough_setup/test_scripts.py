import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "scripts"
TARGETS = ["up", "test", "check", "bench", "destroy-env", "down", "clean"]
RECIPE = re.compile(r"^([\w-]+):\n\t@scripts/([a-z]+)( .*)?$", re.MULTILINE)
LOCKS = [ROOT / "requirements.lock", SCRIPTS / "engines" / "go.lock"]


def test_every_target_calls_one_script_of_one_word() -> None:
    recipes = RECIPE.findall((ROOT / "Makefile").read_text())
    assert [target for target, _, _ in recipes] == TARGETS
    assert all(os.access(SCRIPTS / script, os.X_OK) for _, script, _ in recipes)


@pytest.mark.parametrize(
    "script",
    [*sorted(path for path in SCRIPTS.iterdir() if path.is_file()), ROOT / ".ci" / "run"],
    ids=lambda script: script.name,
)
def test_every_script_can_be_parsed(script: Path) -> None:
    shell = script.read_text().split("\n", 1)[0].split()[-1].rpartition("/")[2]
    if shell == "python3":
        compile(script.read_text(), str(script), "exec")
    else:
        subprocess.run([shell, "-n", script], check=True)


def test_destroy_wants_the_name_of_a_branch() -> None:
    answer = subprocess.run(
        ["make", "-s", "destroy-env"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert answer.returncode != 0
    assert "BRANCH=" in answer.stderr


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_hashes_and_no_address(lock: Path) -> None:
    entries = re.split(r"\n(?=[a-z])", lock.read_text())[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock.read_text()
    assert "index-url" not in lock.read_text()


def test_everything_that_is_declared_is_locked() -> None:
    own, library = (
        tomllib.loads((ROOT / folder / "pyproject.toml").read_text()) for folder in (".", "secrets")
    )
    declared = [
        *own["project"]["dependencies"],
        *own["dependency-groups"]["dev"],
        *library["project"]["dependencies"],
    ]
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCKS[0].read_text(), re.MULTILINE))
    assert {normal(line) for line in declared} <= locked


def normal(requirement: str) -> str:
    """PEP 503's normal form of the name in a requirement."""
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()
