import sys
from pathlib import Path

import pytest

from bough_setup.checks import Check, checks, failure, python_files


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "src" / ".hidden").mkdir(parents=True)
    for name in ("one.py", "two.py", ".hidden/three.py", "four.txt"):
        (tmp_path / "src" / name).touch()
    return tmp_path


def saying(text: str, status: int = 0) -> Check:
    program = f"import sys; print({text!r}); sys.exit({status})"
    return Check("types", (sys.executable, "-c", program), ("src",))


def test_hidden_files_do_not_count(sources: Path) -> None:
    assert python_files(sources, ("src",)) == 2


def test_a_checker_that_read_every_file_passes(sources: Path) -> None:
    assert failure(saying("Success: no issues found in 2 source files"), sources) == ""


@pytest.mark.parametrize("text", ["Success: no issues found in 1 source file", "Success", ""])
def test_one_that_was_led_past_a_file_does_not(sources: Path, text: str) -> None:
    assert failure(saying(text), sources).startswith("2 files in src, but the checker says")


def test_one_that_complains_does_not_either(sources: Path) -> None:
    assert "one.py:1: error" in failure(saying("one.py:1: error", 1), sources)


def test_folders_without_a_file_do_not_pass(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    assert failure(saying("Success: no issues found in 0 source files"), tmp_path)


def test_every_type_check_counts_its_files() -> None:
    assert all(check.sources for check in checks() if check.name.startswith("types"))
