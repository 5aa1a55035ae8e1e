"""One image from a branch to production, under load: a story in order, on a sample's stages."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.commands import Result
from tests.support.fixtures import own_platform
from tests.support.people import known_as
from tests.support.platforms import BOUGH, Platform
from tests.support.waiting import until

from bough.load import driven

BRANCH, TEST, STAGING, PRODUCTION = "story", "story-test", "story-staging", "story-production"
STAGES = """
config: {size: "20"}
secrets:
  smtp: {}
gates:
  answers:
    kind: integration
    service: web
    command: [python, judge.py]
stages:
  test:
    from: [branch]
    branches: [story]
    gates: [answers]
    config: {size: "30"}
  staging:
    auto: true
  production:
    from: [test]
    approvals: 1
    replicas: {web: 2, worker: 2}
"""
JUDGE = """
import sys
from pathlib import Path
import bough_secrets
if "wrong" in Path("answer.txt").read_text():
    print("the answer is wrong")
    sys.exit(1)
with bough_secrets.connect_or_exit() as session, session.database("db").connection() as connection:
    print(connection.execute("SELECT count(*) FROM notes").fetchone())
"""


platform = own_platform


@pytest.fixture(scope="module")
def sample(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Application:
    made = Application.create(tmp_path_factory.mktemp("promoted") / "checkout", platform)
    (made.folder / "judge.py").write_text(JUDGE)
    file = made.folder / "bough.yaml"
    uses = "health: /health/ready\n    needs: [db]\n"
    text = file.read_text().replace("application: sample", "application: story")
    file.write_text(text.replace(uses, f"{uses}    secrets: [smtp]\n") + STAGES)
    made.branch("story")
    made.commit("stages")
    platform.bough("secrets", "set", "smtp", "--template", cwd=made.folder, stdin="first").ended()
    made.up()
    return made


def newest(sample: Application) -> str:
    """The release of what is checked out."""
    release: str = sample.platform.json("release", "list", "story")[0]["release"]
    return release


def digests(platform: Platform, slug: str) -> set[str]:
    """What the running containers of an environment were started from."""
    found = witness.inspect(*witness.containers(platform, slug))
    assert all(each["State"]["Running"] for each in found)
    return {each["Config"]["Image"].rpartition("@")[2] for each in found}


def promote(platform: Platform, *arguments: str) -> dict[str, Any]:
    done = platform.bough("promote", *arguments, "--json").ended()
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def approve(platform: Platform, release: str, stage: str, email: str) -> Result:
    return platform.bough("approve", release, stage, env=known_as(email))


@contextmanager
def all_answered(platform: Platform, *slugs: str) -> Iterator[None]:
    """No request to these environments fails meanwhile, though there is no pause between them."""
    with ExitStack() as stack:
        loads = {
            slug: stack.enter_context(driven(f"{slug}.localhost", platform.port, "/state", 2))
            for slug in slugs
        }
        until(lambda: all(load.sent > 20 for load in loads.values()), 30, "all are under load")
        yield
    failed = {slug: load.failures for slug, load in loads.items() if load.failures}
    assert failed == {}


def test_a_release_goes_through_its_stages_unchanged(
    platform: Platform, sample: Application
) -> None:
    release = newest(sample)
    platform.bough("promote", "production").failed_saying("no release of story is ready")
    platform.bough("promote", "production", release[:12]).failed_saying(
        "may not be promoted to production", "never was in stage test", "bough promote test"
    )
    done = promote(platform, "test")
    assert (done["release"], done["verdicts"]) == (release, {"answers": "PASS"})
    state = platform.state(TEST)
    # never seeded, and with the stage's own setting
    assert (state["notes"], state["config"]["size"]) == ([], "30")

    platform.bough("promote", "production").failed_saying("0 of 1 people approved it")
    approve(platform, release, "production", "ADA@example.org").failed_saying("is an author")
    approve(platform, release, "production", "bo@example.org").ended()
    promote(platform, "production")
    assert digests(platform, PRODUCTION) == digests(platform, TEST) == digests(platform, "story")
    assert len(witness.containers(platform, PRODUCTION)) == 4
    assert platform.state(PRODUCTION)["config"]["size"] == "20"
    assert platform.bough("release", "verify", release, "--gate", "test/answers").ended()
    assert "the ledger is whole" in platform.bough("log", "--verify").ended().stdout


def test_a_stage_that_takes_releases_by_itself_has_it_soon(platform: Platform) -> None:
    until(lambda: platform.serves(STAGING, answer="one"), 120, "the keeper promoted it")
    assert digests(platform, STAGING) == digests(platform, TEST)


def test_the_next_one_goes_through_all_of_them_under_load(
    platform: Platform, sample: Application
) -> None:
    platform.ask(PRODUCTION, note="from production")
    platform.bough("secrets", "set", "smtp", PRODUCTION, stdin="second").ended()
    sample.write(answer="better")
    with all_answered(platform, BRANCH, TEST, STAGING, PRODUCTION):
        sample.up()
        release = newest(sample)
        promote(platform, "test")
        until(lambda: platform.serves(STAGING, answer="better"), 120, "the keeper promoted it")
        approve(platform, release, "production", "bo@example.org").ended()
        platform.bough("canary", "start", "production", "--share", "50").ended()
        promote(platform, "production")
    (same,) = {frozenset(digests(platform, each)) for each in (BRANCH, TEST, STAGING, PRODUCTION)}
    assert set(platform.json("release", "show", release)["images"].values()) == {
        f"{BRANCH}@{digest}" for digest in same
    }
    assert platform.state(PRODUCTION)["answer"] == "better"
    assert platform.state(PRODUCTION)["notes"] == ["from production"]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("behaviour", f"dies in {TEST}", ["it was told to die", "still serves"]),
        ("behaviour", f"unready in {TEST}", ["will never be ready", "still serves"]),
        ("answer", "wrong", ["goes no further than test", "answers: FAIL", "bough rollback test"]),
    ],
    ids=["does not start", "never becomes ready", "fails its integration gate"],
)
def test_a_bad_release_never_reaches_the_next_stage(
    platform: Platform, sample: Application, file: str, text: str, said: list[str]
) -> None:
    before = {slug: digests(platform, slug) for slug in (TEST, STAGING, PRODUCTION)}
    good = sample.git("rev-parse", "HEAD").stdout.strip()
    sample.write(**{file: text})
    sample.up()
    bad = newest(sample)
    with all_answered(platform, TEST, STAGING, PRODUCTION):
        platform.bough("promote", "test").failed_saying(*said)
        for stage in ("staging", "production"):
            platform.bough("promote", stage, bad).failed_saying(f"may not be promoted to {stage}")
        if file == "answer":
            platform.bough("rollback", "test").ended()
    assert {slug: digests(platform, slug) for slug in before} == before
    for slug in (STAGING, PRODUCTION):
        assert bad not in [event["release"] for event in platform.json("log", slug)]
    sample.git("reset", "--quiet", "--hard", good)


@pytest.mark.usefixtures("sample")
def test_a_rollback_takes_the_secrets_along(platform: Platform) -> None:
    old = platform.json("log", PRODUCTION, "--event", "deployed")[0]["release"]
    second = platform.ask(PRODUCTION, "/secret/smtp").json()["fields"]
    with all_answered(platform, PRODUCTION):
        platform.bough("rollback", "production").ended()
    images = platform.json("release", "show", old)["images"].values()
    assert {f"{BRANCH}@{digest}" for digest in digests(platform, PRODUCTION)} == set(images)
    assert platform.ask(PRODUCTION, "/secret/smtp").json()["fields"] != second
    assert platform.state(PRODUCTION)["answer"] == "one"
    assert platform.state(PRODUCTION)["notes"] == ["from production"]


def test_a_rollback_that_the_schema_cannot_serve_is_refused(
    platform: Platform, sample: Application
) -> None:
    column = 'connection.execute("ALTER TABLE notes ADD COLUMN IF NOT EXISTS title text")\n'
    file = sample.folder / "migrate.py"
    sample.edit("migrate.py", file.read_text(), f"{file.read_text()}    {column}")
    sample.up()
    migrated = newest(sample)
    promote(platform, "test")
    approve(platform, migrated, "production", "bo@example.org").ended()
    promote(platform, "production")
    platform.bough("rollback", "production").failed_saying(
        "no migration gate has shown that it works", "no older release is safe here"
    )
    assert platform.json("log", PRODUCTION, "--event", "deployed")[-1]["release"] == migrated
    assert platform.state(PRODUCTION)["notes"] == ["from production"]


def test_plain_pulumi_brings_a_stage_back_to_its_release(
    platform: Platform, sample: Application
) -> None:
    old = digests(platform, PRODUCTION)
    witness.docker("rm", "-f", *witness.containers(platform, PRODUCTION))
    sample.bough("init").ended()
    up = 'eval "$("$0" env)" && exec pulumi up --yes --skip-preview --non-interactive -s "$1"'
    platform.run("sh", "-c", up, str(BOUGH), PRODUCTION, cwd=sample.folder).ended()
    assert digests(platform, PRODUCTION) == old
    assert platform.state(PRODUCTION)["notes"] == ["from production"]


def test_a_stage_goes_only_by_its_name(platform: Platform, sample: Application) -> None:
    assert sample.folder.exists()
    platform.bough("destroy", PRODUCTION).failed_saying("--permanent story-production")
    assert platform.state(PRODUCTION)["notes"] == ["from production"]
    platform.bough("destroy", PRODUCTION, "--permanent", PRODUCTION).ended()
    assert witness.left_of(platform, PRODUCTION) == []
