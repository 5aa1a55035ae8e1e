import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.bough.repositories import FILES, Repository

from bough import remotes
from bough import repository as platform_side
from bough_components.errors import ConfigurationError, RefusedError, UsageError
from bough_components.local.home import Home


def without_hooks(bare: Path) -> None:
    for hook in (bare / "hooks").iterdir():
        hook.unlink()


def test_a_remote_to_push_to(home: Home, repository: Repository) -> None:
    bare = remotes.add(home, repository.folder, "bough")
    assert bare == home.root / "repositories/notes.git"
    assert repository.git("remote", "get-url", "bough") == str(bare)
    assert platform_side.Repository.at(str(bare)) == Repository(bare).known()
    without_hooks(bare)
    repository.git("push", "--quiet", "bough", "main")
    assert Repository(bare).git("rev-parse", "main") == repository.head


def test_the_hooks_call_this_bough_for_this_platform(home: Home, repository: Repository) -> None:
    bare = remotes.add(home, repository.folder, "bough")
    for name in ("pre-receive", "post-receive"):
        hook = bare / "hooks" / name
        assert stat.S_IMODE(hook.stat().st_mode) == 0o755
        lines = hook.read_text().splitlines()
        assert lines[1] == f"BOUGH_HOME={shlex.quote(str(home.root))} && export BOUGH_HOME"
        assert lines[2] == f"exec {shlex.quote(sys.executable)} -m bough hook {name}"
        environment = {key: value for key, value in os.environ.items() if key != "BOUGH_HOME"}
        done = subprocess.run([hook], cwd=bare, env=environment, input=b"", check=False)
        assert done.returncode == 0


def test_a_push_that_is_refused_moves_nothing(home: Home, repository: Repository) -> None:
    repository.commit({"bough.yaml": FILES["bough.yaml"] + "environments: {protected: [main]}"})
    bare = remotes.add(home, repository.folder, "bough")
    said = repository.git("push", "bough", "main", status=1)
    assert 'remote: bough: branch "main" is protected' in said
    assert Repository(bare).git("branch", "--list") == ""


@pytest.mark.parametrize("head", ["main", "master", "feat/a"])
def test_every_branch_may_be_deleted(home: Home, repository: Repository, head: str) -> None:
    bare = remotes.add(home, repository.folder, "bough")
    without_hooks(bare)
    Repository(bare).git("symbolic-ref", "HEAD", f"refs/heads/{head}")
    repository.git("push", "--quiet", "bough", f"main:{head}", "main:other")
    repository.git("push", "--quiet", "bough", "--delete", head, "other")
    assert Repository(bare).git("branch", "--list") == ""


def test_again_is_the_same(home: Home, repository: Repository) -> None:
    bare = remotes.add(home, repository.folder, "bough")
    (bare / "hooks/pre-receive").write_text("outdated")
    assert remotes.add(home, repository.folder, "bough") == bare
    assert "bough hook pre-receive" in (bare / "hooks/pre-receive").read_text()
    assert remotes.add(home, repository.folder, "second") == bare


def test_a_remote_that_leads_elsewhere_is_kept(home: Home, repository: Repository) -> None:
    repository.git("remote", "add", "bough", "ssh://elsewhere")
    with pytest.raises(RefusedError) as caught:
        remotes.add(home, repository.folder, "bough")
    assert str(caught.value) == (
        "remote bough leads to ssh://elsewhere. choose another name: `bough remote add NAME`."
    )
    assert repository.git("remote", "get-url", "bough") == "ssh://elsewhere"


def test_an_application_in_a_folder(home: Home, tmp_path: Path) -> None:
    files = {f"apps/notes/{path}": text for path, text in FILES.items()}
    repository = Repository.create(tmp_path / "all", files)
    bare = remotes.add(home, repository.folder / "apps/notes", "bough")
    known = Repository(bare).known(folder="apps/notes")
    assert platform_side.Repository.at(str(bare)) == known


def test_where_there_is_no_application(home: Home, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        remotes.add(home, tmp_path, "bough")
    repository = Repository.create(tmp_path / "x", {"README": ""})
    with pytest.raises(ConfigurationError):
        remotes.add(home, repository.folder, "bough")
    assert repository.git("remote") == ""
