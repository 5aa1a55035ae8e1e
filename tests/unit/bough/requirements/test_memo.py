import os
from pathlib import Path

from tests.unit.bough.requirements.conftest import Machine, runs

from bough.requirements.memo import ask_version, version_of


def test_a_program_is_asked_once(machine: Machine) -> None:
    program = machine.program("vault", "Vault v1.21.2")
    assert [version_of(program), version_of(program)] == ["1.21.2", "1.21.2"]
    assert runs(program) == 1


def test_a_program_that_changed_is_asked_again(machine: Machine) -> None:
    program = machine.program("vault", "Vault v1.21.2")
    version_of(program)
    machine.program("vault", "Vault v1.22.0 ")
    assert version_of(program) == "1.22.0"


def test_a_program_that_does_not_say_is_remembered_too(machine: Machine) -> None:
    program = machine.program("vault", "hello")
    assert [version_of(program), version_of(program)] == [None, None]
    assert runs(program) == 1


def test_two_programs_are_both_remembered(machine: Machine) -> None:
    first, second = machine.program("a", "1.0.0"), machine.program("b", "2.0.0")
    assert [version_of(first), version_of(second), version_of(first)] == ["1.0.0", "2.0.0", "1.0.0"]
    assert (runs(first), runs(second)) == (1, 1)


def test_a_damaged_memory_is_forgotten(machine: Machine) -> None:
    program = machine.program("vault", "1.0.0")
    version_of(program)
    (machine.cache / "bough" / "versions.json").write_text("{half")
    assert version_of(program) == "1.0.0"


def test_a_cache_that_cannot_be_written_does_no_harm(machine: Machine) -> None:
    machine.cache.write_text("a file where the folder should be")
    assert version_of(machine.program("vault", "1.0.0")) == "1.0.0"


def test_a_program_that_fails_has_no_version(machine: Machine) -> None:
    program = machine.program("vault", "1.0.0")
    program.write_text("#!/bin/sh\necho 1.0.0\nexit 3\n")
    assert ask_version(program) is None
    assert ask_version(Path(os.devnull)) is None
