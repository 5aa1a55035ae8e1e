"""What is read from stages that are right."""

from bough.config import Application, parse
from bough.config.stages import upstreams


def read(stages: str) -> Application:
    return parse(f"application: notes\nservices: {{web: {{}}}}\nstages: {{{stages}}}", "bough.yaml")


def test_defaults() -> None:
    stage = read("test: {}").stages["test"]
    assert (stage.upstreams, stage.branches, stage.require) == (None, None, "any")
    assert (stage.auto, stage.gates, stage.soak, stage.windows) == (False, (), None, ())
    assert (stage.approvals, stage.approvers) == (0, ())
    assert (stage.replicas, stage.config) == ({}, {})


def test_a_stage_takes_from_the_one_before_it_and_the_first_from_branches() -> None:
    assert upstreams({"test": {}, "perf": {}, "staging": {"from": ["test", "perf"]}}) == {
        "test": ["branch"],
        "perf": ["test"],
        "staging": ["test", "perf"],
    }


def test_from_is_read_and_an_empty_one_is_as_absent() -> None:
    stages = read("test: {from: }, staging: {from: [branch, test]}").stages
    assert stages["test"].upstreams is None
    assert stages["staging"].upstreams == ("branch", "test")


def test_settings_of_a_stage_are_text() -> None:
    assert read("test: {config: {page_size: 50}}").stages["test"].config == {"page_size": "50"}
