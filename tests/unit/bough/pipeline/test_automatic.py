"""What is promoted without a person, and what stops that."""

from tests.unit.bough.pipeline.telling import Story, name_of

from bough.pipeline.automatic import promotions

AUTO = "stages: {test: {auto: true}, production: {}}"


def promoted(story: Story) -> list[tuple[str, str]]:
    words = {name_of(word): word for word in ("r1", "r2", "r3", "r4")}
    return [(words[release.id], stage) for release, stage in promotions(story.state(), story.now)]


def test_the_newest_that_may() -> None:
    story = Story().stages(AUTO).released("r1").released("r2")
    assert promoted(story) == [("r2", "test")]
    story.tell("held", release=name_of("r2"), who="x", why="")
    assert promoted(story) == [("r1", "test")]


def test_only_where_the_stage_says_so_and_only_what_is_newer() -> None:
    story = Story().stages(AUTO).released("r1").released("r2").deployed("r2", "test")
    assert promoted(story) == []
    story.tell("held", release=name_of("r2"), who="x", why="")
    assert promoted(story) == []


def test_all_stages_that_ask_for_it_in_order() -> None:
    story = Story().stages("stages: {test: {auto: true}, production: {auto: true}}")
    story.released("r1").deployed("r1", "test").released("r2")
    assert promoted(story) == [("r2", "test"), ("r1", "production")]


def test_what_failed_is_not_tried_again_by_itself() -> None:
    story = Story().stages(AUTO).released("r1").released("r2").failed("r2", "test")
    assert promoted(story) == [("r1", "test")]
    assert promoted(story.released("r3")) == [("r3", "test")]


def test_an_older_one_stops_it_and_the_newest_starts_it() -> None:
    story = Story().stages(AUTO).released("r1").released("r2")
    story.deployed("r2", "test").deployed("r1", "test")
    assert promoted(story) == []
    assert promoted(story.released("r3")) == []
    story.deployed("r2", "test")
    assert promoted(story) == [], "r3 is newer, and could have been chosen"
    story.deployed("r3", "test")
    assert promoted(story.released("r4")) == [("r4", "test")]


def test_a_rollback_stops_it_always() -> None:
    story = Story().stages(AUTO).released("r1").deployed("r1", "test")
    story.deployed("r1", "test", rollback=True).released("r2")
    assert promoted(story) == []


def test_a_promotion_that_fails_changes_neither() -> None:
    story = Story().stages(AUTO).released("r1").released("r2").deployed("r2", "test")
    story.failed("r1", "test")
    assert story.state().turned_back == {}
    story.deployed("r1", "test").released("r3").failed("r3", "test")
    assert story.state().turned_back == {"test": name_of("r1")}


def test_the_newest_that_could_come_lifts_it_whatever_is_on_its_way() -> None:
    story = Story().stages("stages: {test: {}, production: {auto: true}}")
    for word in ("r1", "r2"):
        story.released(word).deployed(word, "test")
    story.deployed("r2", "production").deployed("r1", "production", rollback=True)
    assert story.state().turned_back == {"production": name_of("r1")}
    # r3 is on its branch only: r2 is the newest that stage production could take
    story.released("r3").deployed("r2", "production")
    assert story.state().turned_back == {}


def test_a_revert_is_newer_than_what_it_reverts() -> None:
    story = Story().stages(AUTO).released("r1").released("r2").deployed("r2", "test")
    assert promoted(story.taken_over("r1")) == [("r1", "test")]
    assert story.deployed("r1", "test").state().turned_back == {}


def test_another_branch_s_push_makes_nothing_newer() -> None:
    story = Story().stages("environments: {protected: [main]}\n" + AUTO)
    story.released("r1").released("r2").deployed("r2", "test").taken_over("r1", "feature")
    assert promoted(story) == []


def test_none_while_a_canary_runs_and_not_the_one_that_was_taken_back() -> None:
    story = Story().stages(AUTO).released("r1").deployed("r1", "test").released("r2")
    assert promoted(story.canary("started", "r2", "test")) == []
    assert promoted(story.released("r3")) == []
    story.canary("ended", "r2", "test", result="stopped", why="")
    assert promoted(story) == [("r3", "test")]
    story.tell("held", release=name_of("r3"), who="x", why="")
    assert promoted(story) == []


def test_a_stage_that_was_destroyed_is_not_made_again_by_itself() -> None:
    story = Story().stages(AUTO).released("r1").deployed("r1", "test")
    story.tell("destroyed", environment="notes-test")
    assert promoted(story) == []
    assert promoted(story.released("r2")) == []
    # somebody promotes the newest there: it goes on
    story.deployed("r2", "test").released("r3")
    assert promoted(story) == [("r3", "test")]
