import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bough.cli.name import name
from bough_components.errors import UsageError


def test_one_line_a_ref() -> None:
    result = CliRunner().invoke(name, ["main", "feat/a", "refs/heads/feat-a"])
    assert result.output.splitlines() == ["main", "feat-a-9hry0wa", "feat-a"]


def test_a_ref_that_git_refuses_prints_nothing() -> None:
    result = CliRunner().invoke(name, ["main", "a..b"])
    assert isinstance(result.exception, UsageError)
    assert result.output == ""


def test_a_ref_is_required() -> None:
    result = CliRunner().invoke(name, [])
    assert result.exit_code == 2
    assert "Missing argument 'REF...'" in result.output


@pytest.mark.parametrize(
    "module", ["pulumi", "pydantic", "yaml", "docker", "hvac", "psycopg", "rich", "httpx"]
)
def test_it_imports_nothing_heavy(module: str, tmp_path: Path) -> None:
    program = f"import sys, bough.cli.name; sys.exit({module!r} in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=False).returncode == 0
    )
