from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support import edges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.edges import Edge


@pytest.fixture(scope="package")
def edge_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("edge") / "home"
        patch.setenv("BOUGH_HOME", str(folder))
        with edges.running(folder) as made:
            yield made


@pytest.fixture
def made(edge_folder: Edge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    """An edge that runs and has no route."""
    monkeypatch.setenv("BOUGH_HOME", str(edge_folder.home.root))
    yield edge_folder
    edge_folder.clear()
