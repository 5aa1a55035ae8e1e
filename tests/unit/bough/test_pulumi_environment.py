import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.bough.playing import Pulumi

from bough.pulumi_environment import environment
from bough.requirements import RequirementError
from bough_components.local.home import Home


@pytest.mark.usefixtures("pulumi")
def test_everything_is_the_platform_s_own(home: Home) -> None:
    variables = environment(home)
    assert variables["BOUGH_HOME"] == str(home.root)
    assert variables["PULUMI_HOME"] == f"{home.root}/pulumi/home"
    assert variables["PULUMI_BACKEND_URL"] == f"file://{home.root}/pulumi/state"
    assert variables["PULUMI_CONFIG_PASSPHRASE_FILE"] == f"{home.root}/keys/operator/pulumi"


def test_the_passphrase_is_made_once_and_told_to_nobody(home: Home, pulumi: Pulumi) -> None:
    variables = environment(home)
    path = home.key("operator/pulumi")
    text = path.read_text()
    assert len(text) >= 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(text in value for value in variables.values())
    assert environment(home) == variables
    assert path.read_text() == text
    assert not (pulumi.folder / "calls").exists()


@pytest.mark.usefixtures("pulumi")
def test_python_is_this_one_without_the_slow_listing(home: Home) -> None:
    python = environment(home)["PULUMI_PYTHON_CMD"]

    def says(*arguments: str) -> str:
        return subprocess.run(
            [python, *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()

    assert says("-m", "pip", "list", "-v", "--format", "json") == "[]"
    assert says("-c", "import sys; print(sys.prefix, sys.argv[1:])", "a b", "$x") == (
        f"{sys.prefix} ['a b', '$x']"
    )


def test_without_pulumi(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(RequirementError, match=r"pulumi .* is not installed"):
        environment(home)
