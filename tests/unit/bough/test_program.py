"""The Pulumi program of an environment, run on a real repository with nothing made."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pulumi
import pytest
from tests.support.memory_ledger import MemoryLedger
from tests.unit.bough.repositories import FILES, Repository
from tests.unit.bough_components.recorder import Recorder, record

from bough import program, registry
from bough.source import Source
from bough_components.errors import ConfigurationError, RefusedError, UsageError
from bough_components.local.home import Home


@pytest.fixture(autouse=True)
def _ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    MemoryLedger().stand_in(monkeypatch)


SHAPING = ("migrations/0001.sql", "migrations/0002.sql", "seed.sql")


def declare(stack: str = "main", *, preview: bool = False) -> Recorder:
    return record(lambda: program.declare(stack), stack, preview=preview)


@pytest.fixture
def told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Source:
    """What `bough up` tells the program."""
    source = repository.source()
    for name, value in source.tell().items():
        monkeypatch.setenv(name, value)
    return source


def test_what_a_repository_s_branch_declares(
    home: Home, repository: Repository, told: Source
) -> None:
    made = declare()
    assert sorted((each.kind, each.name) for each in made.declared.values()) == [
        ("AddressGate", "isolation-addresses"),
        ("ConsulSpace", "consul"),
        ("Database", "db-database"),
        ("DatabaseAccounts", "db-accounts"),
        ("Environment", "main"),
        ("EnvironmentNetwork", "network"),
        ("Image", "image-web"),
        ("Instance", "web-1"),
        ("Instance", "worker-1"),
        ("IsolationGate", "isolation"),
        ("Pruning", "pruning"),
        ("Route", "route"),
        ("Schema", "db-schema"),
        ("VaultSpace", "vault"),
    ]
    image = made.declared["image-web"].inputs
    assert image["repository"] == told.repository
    assert image["tree"] == repository.git("rev-parse", "HEAD^{tree}")
    files = {path: repository.git("rev-parse", f"HEAD:{path}") for path in SHAPING}
    assert made.declared["db-database"].inputs["files"] == files
    assert {each.inputs["platform"] for each in made.of("Instance")} == {home.settings.name}
    assert "db-schema" in made.after("worker-1")
    assert made.declared["route"].inputs["port"] == home.settings.ports["edge"]


@pytest.mark.usefixtures("home", "told")
def test_nothing_declared_is_a_secret(repository: Repository) -> None:
    (repository.folder / ".env").write_text("API_KEY=correct-horse")
    for each in declare().declared.values():
        assert "correct-horse" not in each.text
        assert not any(word in each.text.lower() for word in ("password", "token", "passphrase"))


@pytest.mark.usefixtures("told")
def test_the_same_commit_declares_the_same(home: Home) -> None:
    first, second = declare(), declare()
    assert first.declared == second.declared
    assert registry.find(home, "main") is not None


@pytest.mark.usefixtures("home", "told")
def test_two_folders_are_two_images(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "application: notes\nservices:\n"
        "  api: {port: 80, build: {context: api}}\n"
        "  mail: {build: {context: mail}}\n"
    )
    repository.commit({"bough.yaml": text, "api/Dockerfile": "FROM a", "mail/Dockerfile": "FROM b"})
    for name, value in repository.source().tell().items():
        monkeypatch.setenv(name, value)
    made = declare()
    trees = {each.name: each.inputs["tree"] for each in made.of("Image")}
    assert trees == {
        "image-api": repository.git("rev-parse", "HEAD:api"),
        "image-mail": repository.git("rev-parse", "HEAD:mail"),
    }
    for service in ("api", "mail"):
        image = made.declared[f"{service}-1"].inputs["image"]
        assert image.endswith(trees[f"image-{service}"])


@pytest.mark.usefixtures("told")
def test_the_outputs(home: Home) -> None:
    declare()
    stack = pulumi.runtime.settings.get_root_resource()
    assert isinstance(stack, pulumi.runtime.stack.Stack)
    assert set(stack.outputs) >= {"url", "branch", "commit"}
    record_ = registry.find(home, "main")
    assert record_ is not None
    assert (stack.outputs["branch"], stack.outputs["commit"]) == ("main", record_.commit)


@pytest.mark.usefixtures("home", "told")
def test_a_stack_of_another_branch_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        declare("other")
    assert str(caught.value) == (
        "stack other is not the environment of branch main, which is main. "
        "run `pulumi up -s main`, or check out the branch of other."
    )


@pytest.mark.usefixtures("told")
def test_a_name_that_is_taken_is_refused_before_anything_is_declared(home: Home) -> None:
    registry.claim(home, "main", "shop", Source(repository="", folder="", ref="main", commit=""))
    with pytest.raises(RefusedError, match="taken by branch main of shop"):
        declare()


def test_an_update_that_ends_well_is_written_down(home: Home, told: Source) -> None:
    declare()
    assert registry.deployed(home, "main") == told.commit


def test_a_preview_takes_no_name_and_changes_no_record(home: Home, told: Source) -> None:
    declare(preview=True)
    assert registry.every(home) == []
    registry.claim(home, "main", "notes", replace(told, commit="c"))
    registry.mark_deployed(home, "main", "c")
    before = registry.find(home, "main")
    declare(preview=True)
    assert registry.find(home, "main") == before


@pytest.mark.usefixtures("told")
def test_a_preview_of_what_is_taken_is_refused_too(home: Home) -> None:
    registry.claim(home, "main", "shop", Source(repository="", folder="", ref="main", commit=""))
    with pytest.raises(RefusedError, match="taken by branch main of shop"):
        declare(preview=True)


def test_what_is_wrong_with_the_commit_claims_no_name(
    home: Home, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"bough.yaml": FILES["bough.yaml"].replace("seed.sql", "nope.sql")})
    for name, value in repository.source().tell().items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=r"needs\.db\.seed\.paths: there is no nope\.sql"):
        declare()
    assert registry.every(home) == []


@pytest.mark.parametrize("inside", [".", "migrations"])
def test_plain_pulumi_takes_what_is_checked_out(
    home: Home, repository: Repository, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    (repository.folder / "Pulumi.yaml").write_text("name: bough\n")
    repository.git("checkout", "--quiet", "-b", "feat/a")
    commit = repository.commit({"x": ""})
    monkeypatch.chdir(repository.folder / inside)
    declare("feat-a-9hry0wa")
    claimed = registry.find(home, "feat-a-9hry0wa")
    assert claimed is not None
    assert (claimed.ref, claimed.commit, claimed.folder) == ("feat/a", commit, "")


@pytest.mark.usefixtures("home")
def test_plain_pulumi_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="is not in a git repository"):
        declare()
    assert os.listdir(tmp_path / "home") == ["platform.json"]


@pytest.mark.usefixtures("told")
def test_a_platform_that_was_never_set_up(home: Home) -> None:
    (home.root / "platform.json").unlink()

    def main() -> None:
        with pytest.raises(pulumi.RunError, match=r"there is no platform in .*bough platform up"):
            program.main()

    record(main, "main")


def test_declaring_an_environment_loads_no_client() -> None:
    heavy = {"requests", "docker", "hvac", "psycopg", "consul", "pydantic", "jinja2", "filelock"}
    code = (
        "import sys, bough.program, bough.release.noting, bough_components.local.environment\n"
        f"print(sorted({heavy!r} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
