from pathlib import Path

import pytest
from tests.unit.bough.repositories import FILES
from tests.unit.bough.repositories import Repository as Checkout

from bough.repository import Repository
from bough.source import Source
from bough_components.errors import UsageError


@pytest.mark.parametrize("folder", ["", "apps/notes"])
def test_what_is_remembered_is_known_again(
    repository: Checkout, tmp_path: Path, folder: str
) -> None:
    bare = str(repository.bare(tmp_path / "bare.git").folder)
    assert Repository.at(bare) == Repository(path=bare, application="", folder="")
    made = Repository(path=bare, application="notes", folder=folder)
    made.remember()
    assert Repository.at(bare) == made


def test_the_last_that_is_remembered_counts(repository: Checkout) -> None:
    repository.known(folder="apps/notes").remember()
    repository.known("shop").remember()
    assert Repository.at(str(repository.folder)) == repository.known("shop")


def test_where_an_environment_comes_from(tmp_path: Path) -> None:
    files = {"bough.yaml": "a: b: c", "apps/notes/bough.yaml": FILES["bough.yaml"]}
    checkout = Checkout.create(tmp_path / "all", files)
    source = checkout.known(folder="apps/notes").source("feature/1-x", checkout.head)
    assert source == Source(
        repository=str(checkout.folder),
        folder="apps/notes",
        ref="feature/1-x",
        commit=checkout.head,
    )
    assert source.application().application == "notes"


def test_a_ref_that_git_refuses(repository: Checkout) -> None:
    with pytest.raises(UsageError):
        repository.known().source("a..b", repository.head)
