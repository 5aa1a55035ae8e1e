from pathlib import Path

import pytest

from bough.requirements import RequirementError
from bough.requirements.stamp import is_current
from bough_setup.progress import Progress
from bough_setup.python_packages import is_usable, provide_python_packages

PROJECT = '[project]\nname = "thing"\n'
PYTHON = """#!/bin/sh
echo "$@" >> "$0.calls"
case "$*" in *--require-hashes*) [ ! -e "$0.fails" ] || exit 1 ;; esac
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose `.venv` is a shell script that pretends to be Python with pip."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "checkout"
    for project in (root, root / "secrets"):
        project.mkdir()
        (project / "pyproject.toml").write_text(PROJECT)
    (root / "requirements.lock").touch()
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON)
    python.chmod(0o755)
    (python.parent / "activate").write_text(f'VIRTUAL_ENV="{root}/.venv"\n')
    return root


def calls(root: Path) -> list[str]:
    return (root / ".venv" / "bin" / "python.calls").read_text().splitlines()


def test_a_stale_environment_is_brought_up_to_date(checkout: Path, progress: Progress) -> None:
    assert provide_python_packages(checkout, progress) == "installed"
    assert is_current(checkout)
    installs = [call for call in calls(checkout) if "pip" in call and "install" in call]
    assert "--require-hashes" in installs[0]
    assert installs[1].endswith(f"--editable {checkout} --editable {checkout}/secrets")


def test_a_current_one_is_left_alone(checkout: Path, progress: Progress) -> None:
    provide_python_packages(checkout, progress)
    before = calls(checkout)
    assert provide_python_packages(checkout, progress) == "as locked"
    assert calls(checkout) == before


def test_a_failure_leaves_a_mark(checkout: Path, progress: Progress) -> None:
    (checkout / ".venv" / "bin" / "python.fails").touch()
    with pytest.raises(RequirementError, match="failed"):
        provide_python_packages(checkout, progress)
    assert not is_current(checkout)
    assert not is_usable(checkout / ".venv")


def test_an_environment_can_be_brought_up_to_date(checkout: Path) -> None:
    assert is_usable(checkout / ".venv")


def test_one_that_was_made_elsewhere_cannot(checkout: Path) -> None:
    moved = checkout.rename(checkout.with_name("moved"))
    assert not is_usable(moved / ".venv")


def test_one_without_pip_or_with_an_old_python_cannot(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    assert not is_usable(checkout / ".venv")


def test_one_without_python_cannot(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").unlink()
    assert not is_usable(checkout / ".venv")
