import os
import pwd
from pathlib import Path

from bough.requirements.lingering import find_lingering


def test_a_person_under_systemd_should_linger(tmp_path: Path) -> None:
    finding = find_lingering(tmp_path, tmp_path, user=1000)
    assert not finding.serves
    assert "log out" in finding.problem
    (tmp_path / pwd.getpwuid(os.getuid()).pw_name).touch()
    assert find_lingering(tmp_path, tmp_path, user=1000).version == "enabled"


def test_root_and_other_systems_need_not(tmp_path: Path) -> None:
    assert find_lingering(tmp_path, tmp_path, user=0).serves
    assert find_lingering(tmp_path / "none", tmp_path, user=1000).serves
