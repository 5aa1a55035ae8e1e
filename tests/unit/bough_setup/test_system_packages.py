import os
from pathlib import Path

import pytest

from bough.requirements import RequirementError
from bough_setup.apt import may_install
from bough_setup.progress import Progress
from bough_setup.system_packages import CERTIFICATES, provide_system_packages

APT = """#!/bin/sh
echo "$0 $*" >> "{log}"
case "$*" in *mmdebstrap*) exit {status} ;; esac
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def program(path: Path, name: str, text: str = "#!/bin/sh\n") -> None:
    (path / name).write_text(text)
    (path / name).chmod(0o755)


def debian(path: Path, status: int = 0) -> Path:
    """An apt-get and a dpkg that only write down what they were asked."""
    log = path / "log"
    for name in ("apt-get", "dpkg"):
        program(path, name, APT.format(log=log, status=status))
    return log


def test_nothing_is_done_when_all_is_there(path: Path, progress: Progress) -> None:
    program(path, "git")
    program(path, "mmdebstrap")
    program(path, "newuidmap")
    assert provide_system_packages(progress) == "present"


def test_nothing_can_be_installed_elsewhere_than_on_debian(path: Path) -> None:
    assert list(path.iterdir()) == []
    assert not may_install()


def test_without_git_the_command_that_mends_it_is_named(path: Path, progress: Progress) -> None:
    program(path, "mmdebstrap")
    with pytest.raises(RequirementError, match="git") as caught:
        provide_system_packages(progress)
    assert caught.value.hint.endswith("apt-get install -y git")


def test_what_is_needed_only_sometimes_is_only_mentioned(path: Path, progress: Progress) -> None:
    program(path, "git")
    assert provide_system_packages(progress) == "without mmdebstrap, uidmap (see bough doctor)"


@pytest.mark.usefixtures("as_root")
def test_root_on_debian_gets_what_is_missing(path: Path, progress: Progress) -> None:
    log = debian(path)
    assert CERTIFICATES.exists()
    assert provide_system_packages(progress) == "installed git, mmdebstrap, uidmap"
    assert "install -q -y --no-install-recommends git" in log.read_text()


@pytest.mark.usefixtures("as_root")
def test_a_distribution_without_mmdebstrap_does_not_stop_it(path: Path, progress: Progress) -> None:
    program(path, "git")
    debian(path, status=100)
    assert provide_system_packages(progress) == "without mmdebstrap, uidmap (see bough doctor)"
