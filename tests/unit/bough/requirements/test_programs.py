import pytest
from tests.unit.bough.requirements.conftest import Machine

from bough.requirements.engines import CONSUL, PULUMI
from bough.requirements.programs import (
    find_engine,
    find_mmdebstrap,
    find_program,
    find_python,
)
from bough.requirements.versions import Range


def test_the_python_that_runs_this_serves() -> None:
    assert find_python(Range("3.11")).serves
    assert not find_python(Range("99")).serves


@pytest.mark.parametrize(
    ("says", "version", "problem"),
    [
        ("git version 2.39.5", "2.39.5", ""),
        ("git version 2.20.1", "2.20.1", "another version is needed"),
    ],
)
def test_a_program_is_judged_by_its_version(
    machine: Machine, says: str, version: str, problem: str
) -> None:
    program = machine.program("git", says)
    finding = find_program("git", Range("2.30"), "--version")
    assert (finding.version, finding.problem, finding.where) == (version, problem, str(program))


def test_a_program_that_does_not_say_is_named(machine: Machine) -> None:
    machine.program("git", "hello")
    assert "does not say its version" in find_program("git", Range("2.30")).problem


def test_a_program_that_is_not_there(machine: Machine) -> None:
    assert machine.bin.is_dir()
    assert find_program("git", Range("2.30")).problem == "not found on PATH"


@pytest.mark.parametrize(("user", "serves"), [(0, True), (1000, False)])
def test_mmdebstrap_alone_serves_root_only(machine: Machine, user: int, serves: bool) -> None:
    machine.program("mmdebstrap", "mmdebstrap 1.3.5")
    assert find_mmdebstrap(Range("1.0"), user).serves is serves
    machine.program("newuidmap", "")
    assert find_mmdebstrap(Range("1.0"), user).serves


def test_an_engine_of_another_version_on_path_is_named(machine: Machine) -> None:
    program = machine.program("pulumi", "v3.100.0")
    finding = find_engine(PULUMI)
    assert (finding.version, finding.serves) == ("3.100.0", False)
    assert str(program) in finding.problem


def test_an_engine_that_containers_cannot_run_says_so(machine: Machine) -> None:
    machine.program("consul", "Consul v1.21.0")
    assert "container" in find_engine(CONSUL).problem


def test_a_built_engine_serves(machine: Machine) -> None:
    machine.build(PULUMI)
    assert find_engine(PULUMI).serves
