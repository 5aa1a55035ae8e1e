import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.bough.repositories import FILES, Repository

from bough import pushing, registry
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
        (f"{NONE} {A} refs/heads/feat/a", Change("feat/a", A, None)),
        (f"{A} {B} refs/heads/feat/a", Change("feat/a", B, A)),
        (f"{A} {NONE} refs/heads/feat/a", Change("feat/a", None, A)),
        (f"{A} {'0' * 64} refs/heads/sha-256", Change("sha-256", None, A)),
        (f"{A} {B} refs/heads/refs/heads/a", Change("refs/heads/a", B, A)),
        (f"{'0' * 64} {B} refs/heads/sha-256", Change("sha-256", B, None)),
        (
            f"{A} {B} refs/heads/no-break\u00a0and\u2003em",
            Change("no-break\u00a0and\u2003em", B, A),
        ),
    ],
)
def test_a_branch_in_a_push(line: str, change: Change) -> None:
    assert pushing.changes([line + "\n"]) == [change]


def test_only_branches_count() -> None:
    lines = [f"{A} {B} refs/tags/v1\n", "\n", f"{A} {B} refs/notes/commits\n"]
    assert pushing.changes(lines) == []
    assert pushing.changes([*lines, f"{A} {B} refs/heads/a\n"]) == [Change("a", B, A)]


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
        pushing.judge(home, pushed.known(), change, lines.append)
    assert str(caught.value) == reason
    assert lines == []


def test_a_protected_branch_is_deleted_by_nobody(
    home: Home, pushed: Repository, lines: list[str]
) -> None:
    with pytest.raises(RefusedError) as caught:
        pushing.judge(home, pushed.known(), Change("main", None, pushed.head), lines.append)
    assert str(caught.value) == 'branch "main" is protected: nobody deletes it by a push.'
    assert lines == []


@pytest.mark.parametrize("ref", ["feature/1-x", "against-the-policy"])
def test_other_branches_may_be_deleted(
    home: Home, pushed: Repository, lines: list[str], ref: str
) -> None:
    pushing.judge(home, pushed.known(), Change(ref, None, pushed.head), lines.append)
    assert lines == []


def test_deleting_what_never_was(home: Home, pushed: Repository, lines: list[str]) -> None:
    pushing.judge(home, pushed.known(), Change("main", None, None), lines.append)
    assert lines == []


def test_a_deletion_is_judged_by_the_commit_that_goes(
    home: Home, repository: Repository, lines: list[str]
) -> None:
    lax = repository.head
    strict = repository.commit({"bough.yaml": FILES["bough.yaml"] + POLICY})
    pushing.judge(home, repository.known(), Change("main", None, lax), lines.append)
    repository.commit({"bough.yaml": FILES["bough.yaml"]})
    with pytest.raises(RefusedError, match="is protected"):
        pushing.judge(home, repository.known(), Change("main", None, strict), lines.append)


@pytest.mark.parametrize("text", ["a: b: c", "application: notes", None])
def test_what_cannot_be_read_protects_nothing(
    home: Home, repository: Repository, lines: list[str], text: str | None
) -> None:
    if text is None:
        repository.git("rm", "--quiet", "bough.yaml")
    old = repository.commit({"bough.yaml": text} if text else {})
    pushing.judge(home, repository.known(), Change("main", None, old), lines.append)
    assert lines == []


@pytest.mark.parametrize(("application", "ref"), [("shop", "feature/1-x"), ("notes", "other")])
def test_a_name_that_somebody_else_has(
    home: Home, pushed: Repository, lines: list[str], application: str, ref: str
) -> None:
    source, head = pushed.known().source("feature/1-x", pushed.head), pushed.head
    registry.claim(home, source.slug, application, replace(source, ref=ref))
    for new, old in ((head, None), (head, head), (None, head), (None, None)):
        with pytest.raises(RefusedError, match=f"taken by branch {ref} of {application}"):
            pushing.judge(home, pushed.known(), Change("feature/1-x", new, old), lines.append)
    assert lines == []


def test_a_name_that_has_no_slug(home: Home, pushed: Repository, lines: list[str]) -> None:
    with pytest.raises(UsageError):
        pushing.judge(home, pushed.known(), Change("a..b", pushed.head), lines.append)


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
        pushing.judge(home, repository.known(), Change("feature/1-x", commit), lines.append)


def test_a_policy_is_that_of_the_commit_pushed(
    home: Home, repository: Repository, lines: list[str]
) -> None:
    strict = repository.commit({"bough.yaml": FILES["bough.yaml"] + POLICY})
    repository.commit({"bough.yaml": FILES["bough.yaml"]})
    with pytest.raises(RefusedError):
        pushing.judge(home, repository.known(), Change("x", strict), lines.append)


def test_an_application_in_a_folder_is_judged_by_its_own_bough_yaml(
    home: Home, tmp_path: Path, lines: list[str]
) -> None:
    files = {"bough.yaml": "a: b: c", "apps/notes/bough.yaml": FILES["bough.yaml"] + POLICY}
    repository = Repository.create(tmp_path / "all", files)
    known = repository.known(folder="apps/notes")
    for change in (Change("main", repository.head), Change("main", None, repository.head)):
        with pytest.raises(RefusedError, match="is protected"):
            pushing.judge(home, known, change, lines.append)


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


@pytest.mark.parametrize("deleted", [False, True])
def test_the_hook_refuses_in_words(home: Home, pushed: Repository, deleted: bool) -> None:
    hashes = [NONE, pushed.head]
    done = hook(home, pushed, *(reversed(hashes) if deleted else hashes))
    assert done.returncode == 1
    assert done.stderr.startswith('bough: branch "main" is protected')
    assert done.stdout == ""


def test_the_hook_knows_whose_repository_it_is_in(home: Home, repository: Repository) -> None:
    registry.claim(home, "main", "shop", repository.source())
    repository.known().remember()
    done = hook(home, repository, repository.head, NONE)
    assert done.returncode == 1
    assert done.stderr.startswith("bough: the name main is taken by branch main of shop")
    repository.known("shop").remember()
    assert hook(home, repository, repository.head, NONE).returncode == 0


def hook(
    home: Home, repository: Repository, old: str, new: str
) -> subprocess.CompletedProcess[str]:
    """What git's `pre-receive` says to a push of `main`."""
    return subprocess.run(
        [sys.executable, "-m", "bough", "hook", "pre-receive"],
        cwd=repository.folder,
        env=os.environ | {"BOUGH_HOME": str(home.root)},
        input=f"{old} {new} refs/heads/main\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_push_that_renames_the_application_is_refused(home: Home, repository: Repository) -> None:
    repository.commit({"bough.yaml": "application: shop\nservices: {web: {port: 80}}\n"})
    change = Change("feature/1-x", repository.head)
    with pytest.raises(RefusedError, match=r"that of notes, bough\.yaml says shop"):
        pushing.judge(home, repository.known(), change, print)
