"""When a release may be tried beside the one that serves."""

import pytest
from tests.unit.bough.pipeline.telling import Story, name_of

from bough.pipeline import canary, schema
from bough.release.canary import Canary
from bough_components.errors import NotFoundError, RefusedError

ONE = "stages: {prod: {}}"
R1, R2, R3 = (name_of(word)[:12] for word in ("r1", "r2", "r3"))


def ready(schemas: tuple[str, str] = ("s", "s")) -> Story:
    """r1 serves, r2 may come."""
    story = Story().stages(ONE).released("r1", schema=schemas[0]).deployed("r1", "prod")
    return story.released("r2", schema=schemas[1])


def sentences(story: Story, word: str = "r2") -> list[str]:
    state = story.state()
    return canary.decide(state, state.releases[name_of(word)], "prod", story.now).sentences


def test_what_may_be_promoted_may_be_tried() -> None:
    assert sentences(ready()) == []


def test_what_may_not_be_promoted_may_not_be_tried() -> None:
    story = ready().tell("line stopped", identity="bo@x.org", why="smoke")
    assert "stopped the line (smoke)" in sentences(story)[0]
    story = Story().stages("stages: {test: {}, prod: {}}").released("r1").deployed("r1", "prod")
    assert sentences(story.released("r2")) == [
        f"it never was in stage test; first `bough promote test {R2}`"
    ]


def test_there_must_be_something_to_be_tried_beside() -> None:
    assert sentences(Story().stages(ONE).released("r2")) == [
        f"nothing serves in stage prod that it could be tried beside; `bough promote prod {R2}`"
    ]
    assert sentences(ready(), "r1") == ["stage prod serves it already; name another one"]
    with pytest.raises(NotFoundError, match="no stage 'x'"):
        canary.running(ready().state(), "x")


def test_one_at_a_time_but_the_same_one_again() -> None:
    story = ready().canary("started", "r2", "prod").released("r3", schema="s")
    assert sentences(story, "r2") == []
    assert sentences(story, "r3") == [
        f"release {R2} is the canary of stage prod; end that with `bough canary stop prod`, or"
        " promote it"
    ]
    story.canary("ended", "r2", "prod", result="stopped", why="enough")
    assert sentences(story, "r3") == []


def test_the_databases_must_serve_both() -> None:
    story = ready(("s1", "s2"))
    assert sentences(story) == [
        f"release {R1} would go on serving beside it: no migration gate has shown that it works on"
        f" database db as release {R2} left it; have a migration gate show that, or `bough promote"
        f" prod {R2}`"
    ]
    assert sentences(story.migrates("r2", "prod", "s2", "s1")) == []


def test_an_older_one_must_work_on_what_there_is() -> None:
    story = ready(("s1", "s2")).deployed("r2", "prod")
    assert "no migration gate has shown that it works" in sentences(story, "r1")[0]
    assert sentences(story.migrates("r2", "prod", "s2", "s1"), "r1") == []


def test_its_databases_are_the_stage_s_from_then_on() -> None:
    story = ready(("s1", "s2")).canary("started", "r2", "prod")
    state = story.state()
    assert state.schemas == {"prod": name_of("r2")}
    assert schema.migrating(state, state.releases[name_of("r1")], "prod").short == R2
    story.canary("ended", "r2", "prod", result="stopped", why="")
    assert story.state().schemas == {"prod": name_of("r2")}


def test_one_that_never_ran_left_the_databases_alone() -> None:
    story = ready(("s1", "s2")).canary("ended", "r2", "prod", result="failed", schema=name_of("r1"))
    assert story.state().schemas == {"prod": name_of("r1")}


def test_what_runs_is_known_until_it_ends() -> None:
    story = ready().canary("started", "r2", "prod", share=0)
    story.canary("shared", "r2", "prod", share=25.5)
    running = canary.running(story.state(), "prod")
    assert running == Canary(release=name_of("r2"), instances=1, share=25.5)
    assert str(running) == f"release {R2} (1 instance of each service, 25.5 % of the clients)"
    stay = story.state().current("prod")
    assert stay is not None
    assert stay.release == name_of("r1"), "it does not stand there"
    story.deployed("r2", "prod")
    with pytest.raises(RefusedError, match="no canary runs in stage prod"):
        canary.running(story.state(), "prod")


def test_a_destroyed_stage_has_none() -> None:
    story = ready().canary("started", "r2", "prod").tell("destroyed", environment="notes-prod")
    assert story.state().canaries == {}


def test_more_clients_only_while_nobody_says_no() -> None:
    story = ready().canary("started", "r2", "prod")
    running = canary.running(story.state(), "prod")
    assert canary.widen(story.state(), running, "prod").allowed
    story.tell("held", stage="prod", identity="bo@x.org", why="a demo")
    assert not canary.widen(story.state(), running, "prod").allowed


def test_what_its_gates_said_verifies_nothing() -> None:
    story = Story().stages("stages: {prod: {gates: [unit]}, next: {}}")
    story.released("r1").deployed("r1", "prod").gate("r1", "prod", "unit").released("r2")
    story.canary("started", "r2", "prod").gate("r2", "prod", "unit")
    stay = story.state().current("prod")
    assert stay is not None
    assert (stay.release, stay.passed) == (name_of("r1"), True)
    assert story.state().in_stage(name_of("r2"), "prod") == []
