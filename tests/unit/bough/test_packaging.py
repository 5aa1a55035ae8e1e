"""What pyproject.toml says is packaged, against the folders."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SETUPTOOLS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "setuptools"
]
FOLDERS: dict[str, Path] = {
    name: ROOT / folder for name, folder in SETUPTOOLS["package-dir"].items()
}


def files_of(name: str) -> set[Path]:
    return {
        path
        for path in FOLDERS[name].rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_package_is_listed() -> None:
    found = {
        ".".join([name, *path.parent.relative_to(folder).parts])
        for name, folder in FOLDERS.items()
        for path in folder.rglob("__init__.py")
    }
    assert sorted(SETUPTOOLS["packages"]) == sorted(found)


@pytest.mark.parametrize("name", FOLDERS)
def test_every_module_is_in_a_package(name: str) -> None:
    modules = {path for path in files_of(name) if path.suffix == ".py"}
    assert modules
    assert [path for path in modules if not path.with_name("__init__.py").exists()] == []


@pytest.mark.parametrize("name", FOLDERS)
def test_every_other_file_is_packaged(name: str) -> None:
    covered = {
        path for pattern in SETUPTOOLS["package-data"][name] for path in FOLDERS[name].glob(pattern)
    }
    others = {path for path in files_of(name) if path.suffix != ".py"}
    assert others
    assert sorted(others - covered) == []
