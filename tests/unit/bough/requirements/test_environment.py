import os
import sys
import time
from pathlib import Path

import pytest
from tests.unit.bough.requirements.conftest import Machine

from bough.requirements import RequirementError, engine_environment, engine_path
from bough.requirements.engines import ENGINES, LANGUAGE_HOST, PULUMI, VAULT_PLUGINS


def test_the_virtual_environment_comes_first_and_path_last(machine: Machine) -> None:
    folders = [machine.build(engine) for engine in ENGINES]
    expected = [Path(sys.executable).parent, *folders, machine.bin]
    assert engine_environment()["PATH"].split(os.pathsep) == [str(folder) for folder in expected]


def test_engines_on_path_need_no_folder_of_their_own(machine: Machine) -> None:
    for name in ("pulumi", *LANGUAGE_HOST.programs):
        machine.program(name, "v3.230.0")
    expected = [Path(sys.executable).parent, machine.bin]
    assert engine_environment()["PATH"].split(os.pathsep) == [str(folder) for folder in expected]


def test_pulumi_asks_nobody_and_runs_this_python(machine: Machine) -> None:
    machine.build(PULUMI)
    machine.build(LANGUAGE_HOST)
    given = engine_environment()
    assert given["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    assert given["PULUMI_SKIP_UPDATE_CHECK"] == "true"
    assert given["PULUMI_PYTHON_CMD"] == sys.executable


def test_without_a_language_host_the_error_names_it(machine: Machine) -> None:
    machine.build(PULUMI)
    with pytest.raises(RequirementError, match="pulumi-language-python") as caught:
        engine_environment()
    assert "make up" in caught.value.hint
    assert "bough doctor" in caught.value.hint


def test_a_plugin_has_a_path(machine: Machine) -> None:
    folder = machine.build(VAULT_PLUGINS)
    path = engine_path("postgresql-database-plugin")
    assert path == folder / "postgresql-database-plugin"


def test_a_missing_engine_is_named_with_the_version_that_is_needed(machine: Machine) -> None:
    assert machine.bin.is_dir()
    with pytest.raises(RequirementError) as caught:
        engine_path("consul")
    assert caught.value.message == "consul >= 1.21.0, < 2 is not installed"


def test_both_answer_at_once(machine: Machine) -> None:
    for engine in ENGINES:
        machine.build(engine)
    machine.program("pulumi", "v3.229.0")
    engine_environment()
    times = []
    for _ in range(20):
        began = time.perf_counter()
        engine_environment()
        engine_path("vault")
        times.append(time.perf_counter() - began)
    assert min(times) < 0.005
