"""Which bough.yaml's stages hold, and what the ledger keeps of them."""

import json

import pytest
from tests.unit.bough.pipeline.telling import BASE, Story

from bough.config import Application, parse
from bough.config.example import every_option, example
from bough.ledger.entries import canonical
from bough.pipeline.declaration import Pipeline, declared, follows
from bough_components.errors import BoughError

MAIN = "environments: {protected: [main]}\n"


def application(text: str) -> Application:
    return parse(BASE + text, "bough.yaml")


def kept(told: Application) -> Pipeline:
    """Through the ledger's text, which has its own order of keys."""
    return Pipeline.of(json.loads(canonical(declared(told))))


def test_everything_survives_the_ledger() -> None:
    told = parse(every_option(example()), "bough.yaml")
    found = kept(told)
    assert found.gates == told.gates
    assert list(found.stages) == list(told.stages) == ["test", "staging", "production"]
    for name, stage in told.stages.items():
        assert found.stages[name].model_dump(exclude={"upstreams", "branches"}) == (
            stage.model_dump(exclude={"upstreams", "branches"})
        )


def test_defaults_that_depend_on_the_rest_are_filled_in() -> None:
    stages = kept(
        application(MAIN + "stages: {zoo: {}, abc: {}, mid: {from: [branch, zoo]}}")
    ).stages
    assert [(name, each.upstreams, each.branches) for name, each in stages.items()] == [
        ("zoo", ("branch",), ("main",)),
        ("abc", ("zoo",), None),
        ("mid", ("branch", "zoo"), ("main",)),
    ]
    own = kept(application(MAIN + "stages: {test: {branches: [next]}}")).stages["test"]
    assert own.branches == ("next",)
    assert kept(application("stages: {test: {}}")).stages["test"].branches is None


LAST = json.loads(canonical(declared(application(MAIN + "stages: {test: {approvals: 2}}"))))
LOWER = application(MAIN + "stages: {test: {}}")


def test_a_branch_cannot_lower_the_bar_for_itself() -> None:
    assert follows(LAST, LOWER, "feature") is None
    assert follows(LAST, LOWER, "main") == declared(LOWER)
    assert follows(LAST, LOWER, "refs/heads/main") == declared(LOWER)


def test_nor_can_it_call_itself_protected() -> None:
    claims = application("environments: {protected: [feature]}\nstages: {test: {}}")
    assert follows(LAST, claims, "feature") is None


def test_the_first_may_come_from_anywhere_and_while_nothing_is_protected() -> None:
    assert follows(None, LOWER, "feature") == declared(LOWER)
    assert follows(declared(application("stages: {test: {}}")), LOWER, "feature") == declared(LOWER)


def test_what_says_nothing_new_is_not_declared() -> None:
    assert follows(LAST, application(MAIN + "stages: {test: {approvals: 2}}"), "main") is None
    assert follows(None, application(MAIN), "main") is None
    assert follows(LAST, application(MAIN), "main") == declared(application(MAIN))


def test_the_newest_holds() -> None:
    story = Story().stages("stages: {test: {}}").stages("stages: {other: {}}")
    assert list(story.state().pipeline.stages) == ["other"]


@pytest.mark.parametrize(
    "event", [{"stages": [{"name": "x", "soak": 1}], "gates": {}, "protected": []}, {"stages": []}]
)
def test_words_of_another_bough_are_told_with_the_mend(event: dict[str, object]) -> None:
    with pytest.raises(BoughError, match="deploy a protected branch again"):
        Pipeline.of({"application": "notes", "commit": "c", **event})
