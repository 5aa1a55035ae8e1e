import json

import pytest
from click.testing import CliRunner
from tests.unit.bough.requirements.conftest import Machine

from bough.cli.doctor import doctor
from bough.doctor import as_data, as_table, examine
from bough.requirements.engines import ENGINES
from bough.requirements.finding import Finding, Requirement, as_this_user
from bough.requirements.table import REQUIREMENTS


def requirement(finding: Finding, only: str = "") -> Requirement:
    return Requirement(
        name="thing", needed=">= 2.0", find=lambda: finding, mend="{sudo}mend thing", only=only
    )


def test_what_serves_needs_no_mending() -> None:
    checkup = examine(requirement(Finding("2.1")))
    assert (checkup.serves, checkup.fatal, checkup.mend) == (True, False, "")


def test_what_is_missing_is_fatal_and_names_its_mend() -> None:
    checkup = examine(requirement(Finding(None, "not found on PATH")))
    assert checkup.fatal
    assert checkup.mend == as_this_user("{sudo}mend thing")


def test_a_finding_may_know_a_better_mend() -> None:
    assert examine(requirement(Finding(None, "silent", "start it"))).mend == "start it"


def test_what_is_needed_only_sometimes_is_not_fatal() -> None:
    checkup = examine(requirement(Finding(None, "not found"), only="where engines are built"))
    assert not checkup.fatal
    assert "where engines are built" in as_table([checkup])


def test_the_table_has_a_line_a_dependency() -> None:
    lines = as_table([examine(requirement(Finding("1.0", "too old")))]).splitlines()
    assert len(lines) == 2
    assert lines[1].split()[:4] == ["MISSING", "thing", "1.0", ">="]


def test_the_data_can_be_written_as_json() -> None:
    assert (
        json.loads(json.dumps(as_data([examine(requirement(Finding("2.0")))])))[0]["fatal"] is False
    )


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_the_command_exits_1_when_something_is_missing(
    machine: Machine, arguments: list[str]
) -> None:
    assert machine.bin.is_dir()
    result = CliRunner().invoke(doctor, arguments)
    assert result.exit_code == 1
    assert all(engine.name in result.output for engine in ENGINES)


def test_every_dependency_says_how_to_mend_it() -> None:
    assert all(each.mend and each.needed for each in REQUIREMENTS)
    assert len({each.name for each in REQUIREMENTS}) == len(REQUIREMENTS)
