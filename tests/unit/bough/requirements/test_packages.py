from pathlib import Path

import pytest

from bough.requirements.packages import find_consul_client, find_packages, installed
from bough.requirements.versions import Range

WANTED = Range("1.8")


def distribution(folder: Path, name: str, version: str) -> None:
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


def test_the_packages_of_this_environment_are_found() -> None:
    assert find_packages().version is not None
    assert installed("no-such-distribution") is None


def test_py_consul_alone_serves() -> None:
    assert find_consul_client(WANTED).serves


def test_an_older_py_consul_does_not() -> None:
    assert not find_consul_client(Range("99")).serves


def test_python_consul_beside_it_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(tmp_path, "python-consul", "1.1.0")
    monkeypatch.syspath_prepend(tmp_path)
    finding = find_consul_client(WANTED)
    assert not finding.serves
    assert "python-consul 1.1.0" in finding.problem
