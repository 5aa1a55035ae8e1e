from pathlib import Path

import pytest
from tests.unit.bough.requirements.conftest import Machine

from bough.requirements.apparmor import PARSER, find_apparmor


@pytest.fixture
def enabled(tmp_path: Path) -> Path:
    """The kernel's file."""
    (tmp_path / "enabled").write_text("Y\n")
    return tmp_path / "enabled"


def test_a_kernel_with_it_needs_its_parser(machine: Machine, enabled: Path) -> None:
    finding = find_apparmor(enabled, folders=str(machine.bin))
    assert not finding.serves
    assert PARSER in finding.problem
    machine.program(PARSER, "")
    assert find_apparmor(enabled).serves


@pytest.mark.usefixtures("machine")
def test_the_parser_may_lie_where_only_root_s_path_leads(tmp_path: Path, enabled: Path) -> None:
    folder = tmp_path / "sbin"
    folder.mkdir()
    (folder / PARSER).write_text("#!/bin/sh\n")
    (folder / PARSER).chmod(0o755)
    assert find_apparmor(enabled, folders=str(folder)).serves


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("said", ["N\n", None])
def test_a_kernel_without_it_needs_nothing(enabled: Path, said: str | None) -> None:
    enabled.unlink() if said is None else enabled.write_text(said)
    assert find_apparmor(enabled, folders="").serves
