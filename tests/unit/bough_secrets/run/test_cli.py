import subprocess
import sys
from pathlib import Path

import pytest

from bough_secrets.run.cli import run
from bough_secrets.settings import Addresses


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--database", "db"], "no program to run"),
        (["--database", "db", "--on-change", "HU", "--", "true"], "on_change.signal"),
        (["--database", "db", "--config", "a.yaml", "--", "true"], "Both a file and flags"),
        (["--config", "/nonexistent.yaml", "--", "true"], "Cannot read /nonexistent.yaml"),
        (["--database", "db", "--folder", "/proc/files", "--", "true"], "not on a memory file"),
    ],
)
def test_what_cannot_work_is_one_line_and_status_2(
    memory: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    where = [] if "--folder" in arguments or "--config" in arguments else ["--folder", str(memory)]
    assert run([*where, *arguments], Addresses(directory=Path("/run/bough"))) == 2
    line = capsys.readouterr().err
    assert line.startswith("bough-run: ")
    assert complaint in line
    assert line.count("\n") == 1


def test_a_configuration_can_be_checked_where_nothing_is_in_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("templates: [{destination: /proc/x, contents: '{{ databas() }}'}]")
    assert run(["--config", str(file), "--check"]) == 2
    assert "databas" in capsys.readouterr().err
    file.write_text("templates: [{destination: /proc/x, contents: '{{ database() }}'}]")
    assert run(["--config", str(file), "--check"]) == 0


def test_queues_without_their_library_are_found_when_the_image_is_built() -> None:
    program = (
        "import sys; sys.modules['amqpstorm'] = None;"
        "sys.argv = ['bough-run', '--queue', 'jobs', '--check'];"
        "from bough_secrets.run.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "Install bough-secrets[queue]" in done.stderr


def test_a_package_that_is_missing_is_named() -> None:
    program = (
        "import sys; sys.modules['msgspec'] = None; sys.argv = ['bough-run'];"
        "from bough_secrets.run.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        done.stderr == "bough-run: The package 'msgspec' is missing. Install bough-secrets[run].\n"
    )
