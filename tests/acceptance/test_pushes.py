"""Pushes that meet, and pushes that are cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.commands import Running
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.applications import Application
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)
BRANCH = "feature/60-queue"


def test_the_newest_commit_wins_and_a_cut_off_push_arrives(
    platform: Platform, application: Application
) -> None:
    application.bough("remote", "add").ended()
    slug = application.branch(BRANCH)
    first = push_in_background(application)
    first.wait_for(f"environment {slug} of {BRANCH}")
    application.write(answer="two")
    assert "waiting for" in application.push(BRANCH).ended().stderr
    first.finish().ended()
    assert platform.state(slug)["answer"] == "two"

    application.write(answer="three")
    cut_off = push_in_background(application)
    cut_off.wait_for(f"environment {slug} of {BRANCH}")
    cut_off.interrupt()
    cut_off.finish()
    until(lambda: platform.state(slug)["answer"] == "three", 60, "the cut off push arrives")

    application.write(answer="four")
    deployed = push_in_background(application)
    deployed.wait_for(f"environment {slug} of {BRANCH}")
    deleted = application.push("--delete", BRANCH).ended()
    deployed.finish()
    assert f"{slug} is destroyed" in deleted.stderr
    assert platform.ask(slug).status_code == 404


def push_in_background(application: Application) -> Running:
    return Running(["git", "push", "bough", BRANCH], application.folder, application.platform.env)
