"""Plain Pulumi in an application's checkout does what `bough up` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support import witness
from tests.support.platforms import BOUGH

if TYPE_CHECKING:
    from tests.support.applications import Application
    from tests.support.commands import Result
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)
_WITH_ENV = 'eval "$("$0" env)" && exec pulumi --non-interactive "$@"'


@pytest.fixture
def prepared(application: Application) -> Application:
    """A checkout with the files that `bough init` writes."""
    assert "wrote Pulumi.yaml" in application.bough("init").ended().stdout
    application.commit("what bough init wrote")
    return application


def pulumi(application: Application, *arguments: str) -> Result:
    shell = ("sh", "-c", _WITH_ENV, str(BOUGH))
    return application.platform.run(*shell, *arguments, cwd=application.folder)


def test_makes_and_destroys_the_same_environment(platform: Platform, prepared: Application) -> None:
    slug = prepared.branch("feature/7-plain")
    pulumi(prepared, "stack", "init", slug).ended()
    pulumi(prepared, "up", "--yes", "-s", slug).ended()
    assert platform.state(slug)["answer"] == "one"
    assert platform.json("up", "--directory", str(prepared.folder))["changed"] is False
    pulumi(prepared, "up", "--yes", "--skip-preview", "--expect-no-changes", "-s", slug).ended()
    pulumi(prepared, "destroy", "--yes", "-s", slug).ended()
    assert witness.containers(platform, slug) == []
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_follows_what_bough_made(platform: Platform, prepared: Application) -> None:
    slug = prepared.branch("feature/8-then-plain")
    prepared.up()
    commit = prepared.write(answer="two")
    pulumi(prepared, "stack", "select", slug).ended()
    pulumi(prepared, "up", "--yes", "--skip-preview").ended()
    assert platform.state(slug)["answer"] == "two"
    assert platform.json("show", slug)["commit"] == commit
    platform.bough("destroy", slug).ended()


def test_refuses_the_stack_of_another_branch(platform: Platform, prepared: Application) -> None:
    slug = prepared.branch("feature/9-right")
    other = platform.bough("name", "feature/9-wrong").ended().stdout.strip()
    pulumi(prepared, "stack", "init", other).ended()
    refused = pulumi(prepared, "up", "--yes", "-s", other)
    refused.failed_saying(f"stack {other} is not the environment of branch feature/9-right", slug)
    assert witness.containers(platform, other) == []
    pulumi(prepared, "stack", "rm", "--yes", other).ended()
