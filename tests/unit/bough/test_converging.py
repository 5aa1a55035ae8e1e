"""What converging decides before it needs an engine; the rest is in tests/acceptance."""

import json
from dataclasses import replace

import pytest
from tests.unit.bough.repositories import Repository

from bough import lock, pulumi_command, registry
from bough.converging import Result, converge
from bough.source import Source
from bough_components.errors import ConfigurationError, RefusedError, UsageError
from bough_components.local.home import Home


def deployed(home: Home, slug: str, application: str, source: Source, url: str) -> None:
    """What a finished update of an environment leaves."""
    registry.claim(home, slug, application, source)
    registry.mark_deployed(home, slug, source.commit)
    stack = {"type": "pulumi:pulumi:Stack", "outputs": {"url": url}}
    path = pulumi_command.state_file(home, slug)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"checkpoint": {"latest": {"resources": [stack]}}}))


def test_whoever_comes_late_finds_the_work_done(
    home: Home, repository: Repository, lines: list[str]
) -> None:
    deployed(home, "main", "notes", repository.source(), "http://main.localhost:8080")
    result = converge(home, repository.known(), "main", lines.append)
    assert result == Result("main", repository.head, "http://main.localhost:8080")
    assert lines == []


def test_the_newest_commit_counts_and_not_what_was_queued(
    home: Home, repository: Repository, lines: list[str]
) -> None:
    deployed(home, "main", "notes", repository.source(), "http://x")
    newest = repository.commit({"bough.yaml": "application: notes"})
    with pytest.raises(ConfigurationError, match="services: is missing"):
        converge(home, repository.known(), "main", lines.append)
    assert lines == [f"environment main of main at {newest[:10]}"]
    assert registry.deployed(home, "main") != newest


def test_a_name_that_another_branch_has(
    home: Home, repository: Repository, lines: list[str]
) -> None:
    other = Source(repository="/r", folder="", ref="main", commit="c")
    registry.claim(home, "main", "shop", other)
    with pytest.raises(RefusedError, match="taken by branch main of shop"):
        converge(home, repository.known(), "main", lines.append)


@pytest.mark.parametrize(("application", "ref"), [("shop", "main"), ("notes", "other")])
def test_a_branch_that_is_gone_takes_nobody_else_s_environment_with_it(
    home: Home, repository: Repository, lines: list[str], application: str, ref: str
) -> None:
    deployed(home, "main", application, replace(repository.source(), ref=ref), "http://x")
    before = registry.find(home, "main")
    repository.git("branch", "--move", "main", "kept")
    with pytest.raises(RefusedError, match=f"taken by branch {ref} of {application}"):
        converge(home, repository.known(), "main", lines.append)
    assert registry.find(home, "main") == before
    assert registry.deployed(home, "main") == repository.head
    assert pulumi_command.outputs(home, "main") == {"url": "http://x"}
    assert lines == []


def test_the_lock_is_held_and_let_go(home: Home, repository: Repository, lines: list[str]) -> None:
    repository.commit({"bough.yaml": ""})
    notes = []

    def report(_line: str) -> None:
        notes.append(json.loads((home.root / "locks/main.json").read_text())["what"])

    with pytest.raises(ConfigurationError):
        converge(home, repository.known(), "main", report)
    assert notes == ["push to main"]
    with lock.held(home, "main", "up", lines.append, patience=0):
        pass


def test_a_ref_that_git_refuses(home: Home, repository: Repository, lines: list[str]) -> None:
    with pytest.raises(UsageError):
        converge(home, repository.known(), "a..b", lines.append)
