import os
from pathlib import Path

import pytest
from tests.unit.bough.repositories import FILES, Repository

from bough import git
from bough_components.errors import BoughError, NotFoundError, UsageError


def test_git_says_what_git_said(tmp_path: Path) -> None:
    with pytest.raises(BoughError, match=r"^git log failed in .*not a git repository"):
        git.git(tmp_path, "log")


def test_the_root_of_a_checkout(repository: Repository) -> None:
    assert git.toplevel(repository.folder / "migrations") == str(repository.folder)


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is not in a git repository\. run this in an app"):
        git.toplevel(tmp_path)


def test_the_branch_that_is_checked_out(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "feat/a")
    assert git.current_branch(repository.folder) == "feat/a"
    repository.git("checkout", "--quiet", "--detach")
    with pytest.raises(UsageError, match=r"is on no branch\. name one"):
        git.current_branch(repository.folder)


def test_a_branch_before_its_first_commit(tmp_path: Path) -> None:
    empty = Repository.create(tmp_path / "empty")
    assert git.current_branch(empty.folder) == "main"
    with pytest.raises(NotFoundError, match="no branch 'main' with a commit"):
        git.commit_of(str(empty.folder), "main")


def test_commit_of(repository: Repository, tmp_path: Path) -> None:
    first = repository.head
    repository.git("checkout", "--quiet", "-b", "feat/a")
    second = repository.commit({"x": "1"})
    bare = repository.bare(tmp_path / "bare.git")
    for where in (repository.folder, bare.folder):
        assert git.commit_of(str(where), "main") == first
        assert git.commit_of(str(where), "feat/a") == second
        for unknown in ("feat", "nope", "HEAD", second):
            with pytest.raises(NotFoundError, match=f"no branch '{unknown}'"):
                git.commit_of(str(where), unknown)


def test_a_tag_is_not_taken_for_the_branch_of_its_name(repository: Repository) -> None:
    first = repository.head
    second = repository.commit({"x": "1"})
    repository.git("tag", "main", first)
    assert git.commit_of(str(repository.folder), "main") == second


def test_commit_of_a_branch_that_only_the_origin_has(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("branch", "feat/a")
    repository.git("clone", "--quiet", str(repository.folder), str(tmp_path / "clone"))
    clone = Repository(tmp_path / "clone")
    assert git.commit_of(str(clone.folder), "feat/a") == repository.head


def test_object_of(repository: Repository) -> None:
    where, head = str(repository.folder), repository.head
    tree = repository.git("rev-parse", "HEAD^{tree}")
    assert git.object_of(where, head, "") == git.object_of(where, head, ".") == tree
    assert git.object_of(where, head, "migrations") == repository.git(
        "rev-parse", "HEAD:migrations"
    )
    assert git.object_of(where, head, "nope") is None
    (repository.folder / "lies-about").write_text("")
    assert git.object_of(where, head, "lies-about") is None


def test_text_of_is_the_commit_s_and_not_the_checkout_s(repository: Repository) -> None:
    where, head = str(repository.folder), repository.head
    (repository.folder / "seed.sql").write_text("other")
    assert git.text_of(where, head, "seed.sql") == FILES["seed.sql"]
    assert git.text_of(where, head, "migrations") is None
    assert git.text_of(where, head, "nope") is None


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["migrations"], ["migrations/0001.sql", "migrations/0002.sql"]),
        (["seed.sql", "migrations/0001.sql"], ["migrations/0001.sql", "seed.sql"]),
        (["."], sorted(FILES)),
    ],
)
def test_files_of(
    repository: Repository, tmp_path: Path, bare: bool, paths: list[str], found: list[str]
) -> None:
    where = repository.bare(tmp_path / "bare.git") if bare else repository
    files = git.files_of(str(where.folder), repository.head, paths)
    assert sorted(files) == found
    assert files == {path: repository.git("rev-parse", f"HEAD:{path}") for path in found}


def test_names_and_texts_of_any_bytes(repository: Repository) -> None:
    (repository.folder / "migrations" / os.fsdecode(b"caf\xe9 \xc3\xa9\n.sql")).write_bytes(b"\xe9")
    head = repository.commit({})
    files = git.files_of(str(repository.folder), head, ["migrations"])
    assert "migrations/caf\\xe9 é\n.sql" in files
    assert len(files) == 3


def test_uncommitted(repository: Repository) -> None:
    folder = repository.folder
    assert not git.uncommitted(folder)
    (folder / "seed.sql").write_text("other")
    assert git.uncommitted(folder)
    assert not git.uncommitted(folder / "migrations")
    repository.commit({})
    (folder / "new").write_text("")
    assert git.uncommitted(folder)
