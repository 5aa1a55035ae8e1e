"""What `bough pipeline` shows."""

import json

from tests.unit.bough.pipeline.telling import Story, name_of

from bough.pipeline.showing import NEWEST, notices, shown

R1 = name_of("r1")[:12]


def test_where_every_release_stands_newest_first_and_what_blocks_it() -> None:
    story = Story().stages("stages: {test: {gates: [unit]}, prod: {approvals: 1}}")
    story.released("r1").deployed("r1", "test").gate("r1", "test", "unit")
    story.released("r2", branch="next").failed("r2", "test")
    found = shown(story.state(), story.now)
    json.dumps(found)
    second, first = found["releases"]
    assert (second["release"], first["release"]) == (name_of("r2"), name_of("r1"))
    assert second["stands"] == ["branch next"]
    assert second["next"] == [
        {"stage": "test", "allowed": True, "reasons": [], "failed": "it died"}
    ]
    assert first["stands"] == ["branch main", "test"]
    (step,) = first["next"]
    assert (step["stage"], step["allowed"]) == ("prod", False)
    assert step["reasons"][0]["rule"] == "approvals"
    stages = [(each["stage"], each["release"], each["verified"]) for each in found["stages"]]
    assert stages == [("test", name_of("r1"), True), ("prod", None, False)]


def test_what_is_not_verified_is_marked_and_what_is_past_has_no_next_step() -> None:
    story = Story().stages("stages: {test: {gates: [unit]}, prod: {}}")
    story.released("r1").released("r2").deployed("r2", "test")
    newer, older = shown(story.state(), story.now)["releases"]
    assert newer["stands"] == ["branch main", "test (not verified)"]
    assert (older["stands"], older["next"]) == ([], [])


def test_notices() -> None:
    about = {"identity": "bo@x.org", "who": "bo", "why": "smoke"}
    story = Story().stages("stages: {test: {auto: true}}").released("r1").released("r2")
    story.deployed("r2", "test").deployed("r1", "test")
    story.tell("line stopped", **about).tell("held", stage="test", **about)
    assert list(notices(story.state())) == [
        "bo@x.org (bo) stopped the line (smoke); `bough line resume`",
        "bo@x.org (bo) holds stage test (smoke)",
        f"stage test went back to {R1}: nothing follows by itself; `bough promote test` of the "
        "newest starts that again",
    ]


def test_a_canary() -> None:
    story = Story().stages("stages: {prod: {}}").released("r1").deployed("r1", "prod")
    story.released("r2").canary("started", "r2", "prod", instances=2, share=12.5)
    found = shown(story.state(), story.now)
    json.dumps(found)
    trial = {"release": name_of("r2"), "instances": 2, "share": 12.5}
    assert found["stages"][0]["canary"] == trial
    assert found["releases"][0]["stands"] == ["branch main", "prod (canary, 12.5 %)"]
    name = name_of("r2")[:12]
    assert list(notices(story.state())) == [
        f"stage prod has a canary, release {name} (2 instances of each service, 12.5 % of the"
        f" clients); `bough promote prod {name}` or `bough canary stop prod` ends it"
    ]
    story.canary("ended", "r2", "prod", result="failed", why="gate unit: FAIL, so")
    found = shown(story.state(), story.now)
    assert found["stages"][0]["canary"] is None
    (step,) = found["releases"][0]["next"]
    assert step["failed"] == "the canary failed: gate unit: FAIL, so"


def many(stages: str) -> Story:
    """The oldest, r0, serves in test; then thirteen more, all on one branch."""
    story = Story().stages(stages).released("r0").deployed("r0", "test")
    for number in range(1, 14):
        story.released(f"r{number}")
    return story


def left(story: Story) -> list[str]:
    words = {name_of(f"r{number}"): f"r{number}" for number in range(14)}
    found = shown(story.state(), story.now)
    assert len(found["releases"]) + found["left_out"] == 14
    assert len(shown(story.state(), story.now, everything=True)["releases"]) == 14
    return [words[each["release"]] for each in found["releases"]][NEWEST:]


def test_of_the_older_ones_those_that_stand_somewhere_or_may_go_somewhere() -> None:
    story = many("stages: {test: {}, prod: {approvals: 1}}")
    story.deployed("r2", "test").deployed("r13", "test")
    assert left(story) == ["r2", "r0"], "verified in test, they wait for somebody"
    story.rejected("r0", "prod", "bo@x.org").approved("r2", "prod", "bo@x.org")
    assert left(story) == ["r2"], "it may go to prod"
    story.deployed("r2", "prod")
    assert left(story) == ["r2"], "it stands there"
    story.deployed("r13", "prod")
    assert left(story) == []
    story.canary("started", "r1", "prod")
    assert left(story) == ["r1"]


def test_of_the_older_ones_those_that_wait_and_none_that_has_to_be_mended() -> None:
    story = many("stages: {test: {gates: [unit]}, prod: {soak: 1h}}").gate("r0", "test", "unit")
    assert left(story) == ["r3", "r2", "r1", "r0"], "they may go to test; it waits for prod"
    story.tell("held", release=name_of("r3"), why="").gate("r0", "test", "unit", "FAIL")
    story.deployed("r13", "test")
    assert left(story) == []
