import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.bough.repositories import FILES, Repository

from bough import pushing
from bough.pushing import Change
from bough_components.errors import ConfigurationError, RefusedError, UsageError
from bough_components.local.home import Home

NONE, A, B = "0" * 40, "a" * 40, "b" * 40
POLICY = """
environments:
  names: (feature|fix)/[0-9]+-.*
  message: Start with feature/ and the number of an issue.
  protected: [main]
"""


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (f"{NONE} {A} refs/heads/feat/a", Change("feat/a", A)),
        (f"{A} {B} refs/heads/feat/a", Change("feat/a", B)),
        (f"{A} {NONE} refs/heads/feat/a", Change("feat/a", None)),
        (f"{A} {'0' * 64} refs/heads/sha-256", Change("sha-256", None)),
        (f"{A} {B} refs/heads/refs/heads/a", Change("refs/heads/a", B)),
        (f"{A} {B} refs/heads/no-break\u00a0and\u2003em", Change("no-break\u00a0and\u2003em", B)),
    ],
)
def test_a_branch_in_a_push(line: str, change: Change) -> None:
    assert pushing.changes([line + "\n"]) == [change]


def test_only_branches_count() -> None:
    lines = [f"{A} {B} refs/tags/v1\n", "\n", f"{A} {B} refs/notes/commits\n"]
    assert pushing.changes(lines) == []
    assert pushing.changes([*lines, f"{A} {B} refs/heads/a\n"]) == [Change("a", B)]


@pytest.fixture
def pushed(repository: Repository, tmp_path: Path) -> Repository:
    """The platform's bare repository after a push of `main`, with a policy."""
    repository.commit({"bough.yaml": FILES["bough.yaml"] + POLICY})
    return repository.bare(tmp_path / "bare.git")


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        (
            "main",
            'branch "main" is protected: nobody pushes to it directly. '
            "Start with feature/ and the number of an issue.",
        ),
        (
            "feature/login",
            'branch "feature/login" gets no environment: its name should match '
            "(feature|fix)/[0-9]+-.*. Start with feature/ and the number of an issue.",
        ),
    ],
)
def test_a_name_that_the_policy_refuses(
    home: Home, pushed: Repository, lines: list[str], ref: str, reason: str
) -> None:
    change = Change(ref, pushed.head)
    with pytest.raises(RefusedError) as caught:
        pushing.judge(home, str(pushed.folder), change, lines.append)
    assert str(caught.value) == reason
    assert lines == []


def test_deleting_is_never_refused(home: Home, pushed: Repository, lines: list[str]) -> None:
    pushing.judge(home, str(pushed.folder), Change("main", None), lines.append)
    assert lines == []


def test_a_name_that_has_no_slug(home: Home, pushed: Repository, lines: list[str]) -> None:
    with pytest.raises(UsageError):
        pushing.judge(home, str(pushed.folder), Change("a..b", pushed.head), lines.append)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"bough.yaml": "a: b: c"}, "is not YAML"),
        ({"bough.yaml": "application: notes"}, "services: is missing"),
        ({"bough.yaml": FILES["bough.yaml"].replace("[migrations]", "[nope]")}, "there is no nope"),
    ],
)
def test_a_bough_yaml_that_cannot_be_used(
    home: Home, repository: Repository, lines: list[str], files: dict[str, str], words: str
) -> None:
    commit = repository.commit(files)
    with pytest.raises(ConfigurationError, match=words):
        pushing.judge(home, str(repository.folder), Change("feature/1-x", commit), lines.append)


def test_a_policy_is_that_of_the_commit_pushed(
    home: Home, repository: Repository, lines: list[str]
) -> None:
    strict = repository.commit({"bough.yaml": FILES["bough.yaml"] + POLICY})
    repository.commit({"bough.yaml": FILES["bough.yaml"]})
    with pytest.raises(RefusedError):
        pushing.judge(home, str(repository.folder), Change("x", strict), lines.append)


def test_the_application_s_folder(pushed: Repository) -> None:
    assert pushing.folder_of(str(pushed.folder)) == ""
    pushed.git("config", "bough.folder", "apps/notes")
    assert pushing.folder_of(str(pushed.folder)) == "apps/notes"
    source = pushing.source_of(str(pushed.folder), "feature/1-x", pushed.head)
    assert (source.folder, source.ref, source.commit) == ("apps/notes", "feature/1-x", pushed.head)


def test_what_follows_a_push_is_passed_on_and_kept(
    home: Home, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = repository.commit({"bough.yaml": "application: notes"})
    bare = repository.bare(tmp_path / "bare.git")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    said: list[str] = []
    assert pushing.follow(home, str(bare.folder), "main", said.append) == 1
    text = "".join(said)
    assert f"environment main of main at {commit[:10]}" in text
    assert "bough: bough.yaml in commit" in text
    assert "  services: is missing" in text
    assert "Traceback" not in text
    (log,) = (home.root / "logs/main").glob("*.log")
    assert log.read_text() == text


def test_the_hook_refuses_in_words(home: Home, pushed: Repository) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bough", "hook", "pre-receive"],
        cwd=pushed.folder,
        env=os.environ | {"BOUGH_HOME": str(home.root), "GIT_DIR": "."},
        input=f"{NONE} {pushed.head} refs/heads/main\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith('bough: branch "main" is protected')
    assert done.stdout == ""
