"""Pushes that meet, and pushes that are cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support import witness
from tests.support.commands import started
from tests.support.waiting import until

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tests.support.applications import Application
    from tests.support.commands import Running
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)
BRANCH, CUT_OFF = "feature/60-queue", "feature/61-cut-off"


def test_the_newest_commit_wins(platform: Platform, application: Application) -> None:
    application.bough("remote", "add").ended()
    slug = application.branch(BRANCH)
    with pushed_in_background(application) as first:
        first.wait_for(f"environment {slug} of {BRANCH}")
        commit = application.commit("needs no build, so that its update has to wait")
        assert "waiting for" in application.push(BRANCH).ended().stderr
        first.finish().ended()
    assert platform.json("show", slug)["commit"] == commit
    platform.bough("destroy", slug).ended()


def test_a_push_that_is_cut_off_arrives_and_a_deletion_outranks(
    platform: Platform, application: Application
) -> None:
    application.bough("remote", "add").ended()
    slug = application.branch(CUT_OFF)
    with pushed_in_background(application) as cut_off:
        cut_off.wait_for(f"environment {slug} of {CUT_OFF}")
        cut_off.interrupt()
        cut_off.finish()
    until(lambda: platform.serves(slug, answer="one"), 60, "the cut off push arrives")
    application.write(answer="four")
    with pushed_in_background(application) as outranked:
        outranked.wait_for(f"environment {slug} of {CUT_OFF}")
        deleted = application.push("--delete", CUT_OFF).ended()
        outranked.finish().ended()
    assert f"{slug} is destroyed" in deleted.stderr
    assert witness.left_of(platform, slug) == []


def pushed_in_background(application: Application) -> AbstractContextManager[Running]:
    words = ["git", "push", "bough", "HEAD"]
    return started(words, cwd=application.folder, env=application.platform.env)
