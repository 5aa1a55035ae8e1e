"""Notices in what a branch declares."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.bough.repositories import APPLICATION

from bough.config import Application, parse
from bough.pipeline.declaration import follows

NOTICES = "notices: [{kind: slack, secret: chat}]\n"
PROTECTED = "environments: {protected: [main]}\n"


def application(more: str) -> Application:
    return parse(f"{APPLICATION}{more}", "bough.yaml")


def declared(more: str) -> dict[str, Any]:
    facts = follows(None, application(more), "main")
    assert facts
    return facts


def test_the_words_have_every_default() -> None:
    (words,) = declared(NOTICES)["notices"]
    assert (words["kind"], words["secret"], words["stages"]) == ("slack", "chat", None)
    assert "deployment failed" in words["events"]


def test_what_says_nothing_is_not_declared() -> None:
    assert follows(None, application(""), "main") is None
    assert follows(None, application(PROTECTED), "main") is None


def test_what_is_declared_already_is_no_news() -> None:
    assert follows(declared(NOTICES), application(NOTICES), "main") is None


def test_whoever_was_told_may_be_dropped() -> None:
    facts = follows(declared(NOTICES), application(""), "main")
    assert facts
    assert facts["notices"] == []


@pytest.mark.parametrize(("branch", "heard"), [("main", True), ("feature/1", False)])
def test_only_a_protected_branch_changes_it_where_there_is_one(branch: str, heard: bool) -> None:
    last = declared(f"{NOTICES}{PROTECTED}")
    own_rules = "environments: {protected: [feature/1]}\n"
    assert bool(follows(last, application(own_rules), branch)) is heard


def test_without_a_protected_branch_any_may() -> None:
    assert follows(declared(NOTICES), application(""), "feature/1")


def test_a_declaration_of_an_older_bough_s() -> None:
    assert follows({"stages": [], "gates": {}}, application(NOTICES), "main")
