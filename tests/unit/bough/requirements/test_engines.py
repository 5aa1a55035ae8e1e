import re
from pathlib import Path

import pytest

from bough.requirements.engines import BENCH_ENGINES, BY_BINARY, ENGINES, Engine
from bough_setup.seal import digest

ALL = (*ENGINES, *BENCH_ENGINES)
MODULES = Path(__file__).resolve().parents[4] / "scripts" / "engines"


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.name)
def test_the_checksum_is_that_of_the_pins(engine: Engine) -> None:
    folder = MODULES / engine.module
    assert engine.checksum == digest(folder / "go.mod", folder / "go.sum")


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.name)
def test_the_version_is_the_one_that_the_module_requires(engine: Engine) -> None:
    required = (MODULES / engine.module / "go.mod").read_text()
    assert re.search(rf"\bv{re.escape(engine.version)}$", required, re.MULTILINE)


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.name)
def test_the_version_that_is_built_serves(engine: Engine) -> None:
    assert engine.serves is None or engine.version in engine.serves


@pytest.mark.parametrize("engine", ALL, ids=lambda engine: engine.name)
def test_each_package_is_a_tool_of_the_module(engine: Engine) -> None:
    tools = (MODULES / engine.module / "go.mod").read_text()
    assert all(package in tools for package in engine.packages)


def test_every_module_folder_is_built_by_some_engine() -> None:
    folders = {folder.name for folder in MODULES.iterdir() if folder.is_dir()}
    assert folders == {engine.module for engine in ALL}


def test_no_two_engines_bring_the_same_program() -> None:
    assert len(BY_BINARY) == sum(len(engine.binaries) for engine in ALL)
