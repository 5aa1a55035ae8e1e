from pathlib import Path

import pytest

from bough.requirements.stamp import STAMP, fingerprint, is_current

PROJECT = '[project]\nname = "thing"\ndependencies = ["click"]\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "requirements.lock").write_text("click==8.5.1\n")
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "secrets" / "pyproject.toml").write_text(PROJECT)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / ".venv" / STAMP).write_text(fingerprint(tmp_path))
    return tmp_path


def test_an_untouched_checkout_is_current(checkout: Path) -> None:
    assert is_current(checkout)


def test_settings_of_other_tools_change_nothing(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text(PROJECT + "[tool.ruff]\nline-length = 100\n")
    assert is_current(checkout)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("requirements.lock", "click==8.5.2\n"),
        ("pyproject.toml", PROJECT + '[project.scripts]\nbough = "bough.cli:main"\n'),
        ("secrets/pyproject.toml", PROJECT + '[tool.setuptools]\npackages = ["thing"]\n'),
    ],
)
def test_what_decides_the_installation_makes_it_stale(checkout: Path, file: str, text: str) -> None:
    (checkout / file).write_text(text)
    assert not is_current(checkout)


def test_another_python_makes_it_stale(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    (checkout / "python3.13").touch()
    python.unlink()
    python.symlink_to(checkout / "python3.13")
    assert not is_current(checkout)


def test_an_environment_whose_python_is_gone_is_stale(checkout: Path) -> None:
    (checkout / ".venv" / "bin" / "python").unlink()
    assert not is_current(checkout)


def test_an_environment_that_was_never_finished_is_stale(checkout: Path) -> None:
    (checkout / ".venv" / STAMP).unlink()
    assert not is_current(checkout)
