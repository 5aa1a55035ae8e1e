"""Promotions that are refused, and two at once: nothing is ever half promoted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.people import known_as
from tests.support.waiting import until

from bough_components.local import registry
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.commands import Result
    from tests.support.platforms import Platform

NAME = "refused"
BLOBS = "/var/lib/registry/docker/registry/v2/blobs/sha256"
STAGES = """
gates:
  asked:
    kind: command
    command: ["{program}"]
    timeout: {limit}
stages:
  first:
    from: [branch]
    branches: [main, feature/1-refused]
    gates: [asked]
  second: {{}}
"""
LIMIT = 20
CY = known_as("cy@example.org")
CHANGED = ("is not what was stored", "bough release withdraw")
PROGRAM = """#!/bin/sh
passes='{"verdict": "PASS", "why": "no findings", "evidence": {"findings": 0}}'
case "$(cat "$0.mood")" in
    hangs) exec sleep 120 ;;
    crashes) kill -9 $$ ;;
    silent) exit 0 ;;
    waits) while grep -q waits "$0.mood"; do sleep 0.1; done; echo "$passes" ;;
    empty) echo '{"verdict": "PASS", "why": "because", "evidence": {}}' ;;
    refuses) echo '{"verdict": "FAIL", "why": "not today", "evidence": {"findings": 1}}'; exit 1 ;;
    *) echo "$passes" ;;
esac
"""


@dataclass(frozen=True)
class Story:
    """An application with two stages; what its gate does is for each test to say."""

    application: Application
    program: Path

    @property
    def platform(self) -> Platform:
        return self.application.platform

    def mood(self, word: str) -> None:
        self.program.with_suffix(".mood").write_text(word)

    def promote(self, stage: str, *words: str) -> Result:
        return self.platform.bough("promote", stage, *words, "--application", NAME, env=CY)

    def hold(self, release: str) -> None:
        self.platform.bough("hold", release, "--why", "a doubt", env=CY).ended()

    def made(self, answer: str) -> str:
        """A new release, not yet in any stage."""
        self.application.write(answer=answer)
        self.application.up()
        release: str = self.platform.json("release", "list", NAME)[0]["release"]
        return release

    def ready(self, answer: str) -> str:
        """A new release that the second stage would take."""
        release = self.made(answer)
        self.mood("passes")
        self.promote("first").ended()
        return release

    def serves(self, stage: str) -> str | None:
        """The release that a stage serves, as the pipeline has it."""
        shown = self.platform.json("pipeline", NAME)["stages"]
        found: str | None = next(each["release"] for each in shown if each["stage"] == stage)
        return found

    def events(self, kind: str, stage: str) -> list[dict[str, Any]]:
        log = self.platform.json("log", f"{NAME}-{stage}", "--event", kind)
        return [each for each in log if each["stage"] == stage]

    def image(self, release: str) -> tuple[str, str]:
        """Repository and digest of its image."""
        images = self.platform.json("release", "show", release)["images"]
        name, _, digest = images["web"].partition("@")
        return name, digest


@pytest.fixture(scope="module")
def story(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("refused")
    program = folder / "gate"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    application = Application.create(folder / "checkout", platform)
    file = application.folder / "bough.yaml"
    text = file.read_text().replace("application: sample", f"application: {NAME}")
    file.write_text(text + STAGES.format(program=program, limit=LIMIT))
    slug = application.branch("feature/1-refused")
    application.commit("stages")
    application.up()
    found = Story(application, program)
    found.mood("passes")
    found.promote("first").ended()
    found.promote("second").ended()
    yield found
    for stage in ("first", "second"):
        name = f"{NAME}-{stage}"
        platform.bough("destroy", name, "--permanent", name).ended()
        assert witness.left_of(platform, name) == []
    platform.bough("destroy", slug).ended()


@pytest.fixture(autouse=True)
def second_stays(story: Story) -> Iterator[None]:
    """Whatever a test does, the second stage still serves what it did, and its record says so."""
    before = story.serves("second"), story.platform.state(f"{NAME}-second")["answer"]
    deployed = len(story.events("deployed", "second"))
    yield
    assert (story.serves("second"), story.platform.state(f"{NAME}-second")["answer"]) == before
    assert len(story.events("deployed", "second")) == deployed


@pytest.mark.parametrize(
    ("mood", "verdict", "why"),
    [
        ("hangs", "INCONCLUSIVE", "limit"),
        ("crashes", "INCONCLUSIVE", "signal"),
        ("silent", "INCONCLUSIVE", "no verdict"),
        ("empty", "INCONCLUSIVE", "evidence"),
        ("refuses", "FAIL", "not today"),
    ],
)
def test_a_gate_that_does_not_pass(story: Story, mood: str, verdict: str, why: str) -> None:
    release = story.made(f"gate {mood}")
    story.mood(mood)
    story.promote("first", release).failed_saying("goes no further", f"asked: {verdict}", why)
    (gate,) = [each for each in story.events("gate", "first") if each["release"] == release]
    assert gate["verdict"] == verdict
    story.promote("second", release).failed_saying("gate asked in stage first")
    if verdict == "INCONCLUSIVE":
        story.mood("passes")
        story.promote("first", release).ended()


def test_a_release_that_nobody_made(story: Story) -> None:
    story.promote("second", "f" * 64).failed_saying("f" * 12, "bough release list")


def test_a_held_release(story: Story) -> None:
    release = story.ready("held")
    story.hold(release)
    story.promote("second", release).failed_saying("holds it (a doubt)", "--release")


def test_an_attestation_that_was_changed(story: Story) -> None:
    release = story.ready("changed")
    gate = story.events("gate", "first")[-1]
    digest = gate["attestation"].removeprefix("sha256:")
    path = f"{BLOBS}/{digest[:2]}/{digest}/data"
    script = f"test -s {path} && printf X | dd of={path} bs=1 seek=20 conv=notrunc"
    witness.docker("exec", story.platform.container("registry"), "sh", "-c", script)
    story.promote("second", release).failed_saying(*CHANGED)
    story.hold(release)
    story.promote("second", release, "--break-glass", "at night").failed_saying(*CHANGED)


def test_an_attestation_that_is_missing(story: Story) -> None:
    release = story.ready("missing")
    gate = story.events("gate", "first")[-1]
    story.platform.bough("release", "withdraw", release, gate["attestation"]).ended()
    story.promote("second", release).failed_saying("missing: a verdict of gate asked")


def test_an_image_that_is_gone(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    release = story.ready("gone")
    repository, digest = story.image(release)
    monkeypatch.setenv("BOUGH_HOME", str(story.platform.root))
    home = Home.current()
    url = f"http://{registry.host(home)}/v2/{repository}/manifests/{digest}"
    assert registry.session(home).delete(url, timeout=5).status_code == 202
    story.promote("second", release).failed_saying("is gone from the registry")


def test_two_at_once(story: Story) -> None:
    """The second waits for the first, then deploys nothing anew and asks the gate again."""
    story.mood("waits")
    release = story.made("two at once")
    words = ("promote", "first", release, "--application", NAME)
    with story.platform.started(*words) as one:
        until(lambda: story.platform.serves(f"{NAME}-first", answer="two at once"), 60, "serves")
        with story.platform.started(*words) as other:
            other.wait_for("waiting for")
            story.mood("passes")
            one.finish().ended()
            other.finish().ended()
    assert story.serves("first") == release
    verdicts = [each for each in story.events("gate", "first") if each["release"] == release]
    assert [each["verdict"] for each in verdicts] == ["PASS", "PASS"]
