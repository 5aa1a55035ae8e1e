from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.bough.repositories import FILES, Repository

from bough.source import Source
from bough_components.errors import ConfigurationError, NotFoundError, UsageError


@pytest.fixture
def nested(tmp_path: Path) -> Repository:
    """A repository whose application is in a folder."""
    return Repository.create(
        tmp_path / "all", {f"apps/notes/{path}": text for path, text in FILES.items()}
    )


def test_in_a_checkout(repository: Repository) -> None:
    expected = Source(
        repository=str(repository.folder), folder="", ref="main", commit=repository.head
    )
    assert Source.in_checkout(repository.folder) == expected
    assert Source.in_checkout(repository.folder, "main") == expected
    assert expected.slug == "main"


def test_in_a_folder_of_a_checkout(nested: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source.in_checkout(nested.folder / "apps/notes")
    assert source == replace(Source.in_checkout(nested.folder), folder="apps/notes")
    assert source.application().application == "notes"
    monkeypatch.chdir(nested.folder / "apps/notes")
    assert Source.in_checkout(Path()) == source


def test_through_a_symbolic_link(nested: Repository, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(nested.folder / "apps")
    assert Source.in_checkout(tmp_path / "link/notes").folder == "apps/notes"


def test_another_branch_than_the_one_checked_out(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "feat/a")
    commit = repository.commit({"x": ""})
    repository.git("checkout", "--quiet", "main")
    source = Source.in_checkout(repository.folder, "feat/a")
    assert (source.ref, source.commit, source.slug) == ("feat/a", commit, "feat-a-9hry0wa")
    with pytest.raises(NotFoundError, match="no branch 'nope'"):
        Source.in_checkout(repository.folder, "nope")


def test_outside_a_checkout(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not in a git repository"):
        Source.in_checkout(tmp_path)


def test_what_is_told_is_understood(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Source.told() is None
    source = repository.source()
    for name, value in source.tell().items():
        monkeypatch.setenv(name, value)
    assert Source.told() == source


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        ("", "", ""),
        ("", ".", ""),
        ("", "a/b", "a/b"),
        ("app", "", "app"),
        ("app", ".", "app"),
        ("app/x", "a/b", "app/x/a/b"),
    ],
)
def test_path(folder: str, path: str, expected: str) -> None:
    source = Source(repository="", folder=folder, ref="main", commit="")
    assert source.path(path) == expected


def test_the_application_is_the_commit_s(repository: Repository) -> None:
    (repository.folder / "bough.yaml").write_text("nonsense")
    assert repository.source().application().application == "notes"


def test_no_bough_yaml_in_the_commit(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "x", {"README": ""})
    source = repository.source()
    (repository.folder / "bough.yaml").write_text(FILES["bough.yaml"])
    with pytest.raises(ConfigurationError) as caught:
        source.application()
    assert str(caught.value) == (
        f"there is no bough.yaml in commit {source.commit[:10]} of main. "
        "write one with `bough init`, then commit it."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"application: A\nservices: {web: {}}\n", "cannot be used"),
        (b"a: b: c", "is not YAML"),
        (b"# \xe9\napplication: notes\n", "is not YAML"),
    ],
)
def test_a_bough_yaml_that_is_wrong_names_commit_and_branch(
    repository: Repository, content: bytes, message: str
) -> None:
    (repository.folder / "bough.yaml").write_bytes(content)
    commit = repository.commit({})
    with pytest.raises(ConfigurationError) as caught:
        repository.source().application()
    where = f"bough.yaml in commit {commit[:10]} of main"
    assert str(caught.value).startswith(f"{where} {message}")
