"""The commands about stages, on a ledger."""

import json

import pytest
from click.testing import CliRunner
from tests.support.memory_ledger import MemoryLedger
from tests.unit.bough.pipeline.telling import Story, name_of
from tests.unit.bough.repositories import Repository

from bough import cli, ledger, user
from bough.ledger.entries import Entry
from bough.pipeline import showing
from bough.release.record import Release
from bough_components.errors import BoughError
from bough_components.local.home import Home

STORY = (
    Story()
    .stages("stages: {test: {}, prod: {approvals: 1}}")
    .released("r1")
    .deployed("r1", "test")
    .released("r2")
)


def real(word: str) -> str:
    """The name that a release of the story has for its record."""
    record = STORY.release(word).record
    return Release(**{**record, "images": {}, "configuration": "c"}).id


def events() -> list[str]:
    """The story with real names."""
    text = json.dumps(STORY.events)
    for word in ("r1", "r2"):
        text = text.replace(name_of(word), real(word))
    text = text.replace('"schema":', '"images": {}, "configuration": "c", "schema":')
    return [json.dumps(event) for event in json.loads(text)]


EVENTS = events()
R1, R2 = real("r1")[:12], real("r2")[:12]


@pytest.fixture
def platform(home: Home, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Home:
    """With a release in stage test; in a checkout of Bo's."""
    memory = MemoryLedger()
    memory.stand_in(monkeypatch)
    for number, event in enumerate(EVENTS):
        memory.append(home, [Entry(str(number), event)])
    repository.git("config", "user.email", "Bo@x.org")
    monkeypatch.chdir(repository.folder)
    monkeypatch.setattr(user, "name", lambda: "bo")
    return home


def run(*words: str) -> str:
    result = CliRunner().invoke(cli.bough, words, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def refused(*words: str) -> str:
    with pytest.raises(BoughError) as caught:
        run(*words)
    return str(caught.value)


@pytest.mark.usefixtures("platform")
def test_from_blocked_to_approved() -> None:
    before = run("pipeline", "notes")
    assert f"{R1} may not go to prod:\n  0 of 1 people approved it for stage prod" in before
    assert run("approve", R1, "prod", "--why", "looks right") == (
        f"bo@x.org (bo) approved {R1} for prod: 1 of 1\n"
    )
    assert f"{R1} may go to prod: `bough promote prod {R1}`" in run("pipeline")
    assert "already" in refused("approve", R1, "prod")


def test_who_it_was_is_in_the_ledger_twice(platform: Home) -> None:
    run("approve", R1, "prod", "--why", "looks right")
    (event,) = ledger.events(platform, "approved")
    assert (event["identity"], event["who"], event["why"]) == ("bo@x.org", "bo", "looks right")
    assert event["release"] == real("r1")


@pytest.mark.usefixtures("platform")
def test_the_table_and_json() -> None:
    lines = run("pipeline").splitlines()
    assert lines[0].split() == ["RELEASE", "COMMIT", "BRANCH", "MADE", "STANDS", "IN", "NEXT"]
    assert lines[1].startswith(R2)
    assert lines[1].rstrip().endswith("branch main  test")
    assert lines[2].startswith(R1)
    found = json.loads(run("pipeline", "--json"))
    assert [each["release"] for each in found["releases"]] == [real("r2"), real("r1")]


def test_older_ones_are_counted_and_shown_when_asked(
    platform: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "NEWEST", 1)
    assert "not shown" not in run("pipeline"), "r1 waits for approval"
    run("reject", R1, "prod")
    about = {"application": "notes", "environment": "notes-test", "stage": "test"}
    ledger.record(platform, "deployed", **about, release=real("r2"))
    lines = run("pipeline").splitlines()
    assert lines[1].startswith(R2)
    assert lines[2] == "not shown: 1; `bough pipeline notes --all` has them"
    everything = run("pipeline", "notes", "--all")
    assert R1 in everything
    assert "not shown" not in everything
    found = json.loads(run("pipeline", "--json"))
    assert ([each["release"] for each in found["releases"]], found["left_out"]) == ([real("r2")], 1)
    found = json.loads(run("pipeline", "--json", "--all"))
    assert (len(found["releases"]), found["left_out"]) == (2, 0)


@pytest.mark.usefixtures("platform")
def test_reject_and_withdraw() -> None:
    assert run("reject", R1, "prod", "--why", "no") == f"bo@x.org (bo) rejects {R1} for prod\n"
    assert "rejected it for stage prod (no)" in run("pipeline")
    run("reject", R1, "prod", "--withdraw")
    assert "rejected it" not in run("pipeline")


@pytest.mark.usefixtures("platform")
def test_holds() -> None:
    run("hold", R1)
    run("hold", "--stage", "prod", "--why", "a demo")
    text = run("pipeline")
    assert "bo@x.org (bo) holds it;" in text
    assert "bo@x.org (bo) holds stage prod (a demo)" in text
    run("hold", R1, "--release")
    run("hold", "--stage", "prod", "--release")
    assert "holds" not in run("pipeline")
    assert "one thing at a time" in refused("hold")
    assert "one thing at a time" in refused("hold", R1, "--stage", "prod")


@pytest.mark.usefixtures("platform")
def test_the_line() -> None:
    run("line", "stop", "--why", "smoke")
    assert run("pipeline").startswith("bo@x.org (bo) stopped the line (smoke)")
    run("line", "resume")
    assert "stopped" not in run("pipeline")


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("approve", "ffffffff", "prod"), "there is no release ffffffff"),
        (("approve", "f", "prod"), "too short"),
        (("approve", R1, "nope"), "there is no stage 'nope'; there are: test, prod"),
        (("approve", R1, "test"), "takes releases without approval"),
        (("hold", "--stage", "nope"), "no application has a stage 'nope'"),
        (("pipeline", "nope"), "nothing is known of an application 'nope'"),
        (("line", "stop"), "wants to know why"),
        (("canary", "start", "test", R1), "stage test serves it already"),
        (("canary", "start", "prod", R1), "nothing serves in stage prod"),
        (("canary", "start", "nope"), "no application has a stage 'nope'"),
        (("canary", "share", "test", "5"), "no canary runs in stage test"),
        (("canary", "stop", "prod"), "nothing was ever promoted to prod"),
    ],
)
def test_bad_input(words: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused(*words)


def test_nobody_without_a_name(platform: Home, repository: Repository) -> None:
    repository.git("config", "--unset", "user.email")
    assert refused("approve", R1, "prod") == (
        "git does not know your e-mail address, and approvals are by name. "
        "run `git config --global user.email you@example.org`."
    )
    assert list(ledger.events(platform, "approved")) == []
